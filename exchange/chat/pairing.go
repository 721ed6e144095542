package chat

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Linking, as it goes over the wire:
//
//	QR      pair-device ──► scan ──────────────────────────────► pair-success
//	code    companion_hello ──► type ──► primary_hello ──► companion_finish ──► pair-success
//	passkey (after either) prologue_request ──► passkey_prologue ──► continuation
//	        ──► companion_nonce ──► both confirm ──► encrypted_pairing_request ──► pair-success
//
//	pair-success ──► pair-device-sign ──► the device exists ──► 515, log in
//
// The handset's side stands in handset_link.go.

// qrRefs is how many references a client gets; it shows the first for 60 s
// and the others for 20 s each.
const qrRefs = 6

// Errors of linking, for whoever holds the handset.
var (
	ErrQR            = errors.New("this is not a linking QR code, or it has expired; show a new one")
	ErrCode          = errors.New("nobody waits for a linking code on this number, or the code is wrong; ask for a new one")
	ErrTooMany       = errors.New("four devices are linked already; unlink one first")
	ErrLinking       = errors.New("the client broke the linking off; try again")
	ErrBusyLinking   = errors.New("this client is being linked already")
	ErrNoPasskeyStep = errors.New("no linking waits for a confirmation")
)

// pairSuccess has the handset's account vouch for the client. secret proves
// to the client that it comes from the handset that it showed its secret to.
// Called with the lock held.
func (r *registration) pairSuccess(secret []byte) error {
	a := r.account
	o := &pairingOffer{id: r.conn.server.freshID(), device: a.nextDevice, keyIndex: a.nextKeyIndex}
	container, signed, err := a.handset.vouch(r.identity, o.keyIndex, secret)
	if err != nil {
		return err
	}
	o.identity, r.pairing = signed, o
	pn, lid := a.pnJID(), a.lidJID()
	pn.Device, lid.Device = o.device, o.device
	r.conn.push(node{
		Tag:   "iq",
		Attrs: attrs{"from": types.ServerJID, "type": "set", "id": o.id, "xmlns": "md", "t": unixNow()},
		Content: []node{{Tag: "pair-success", Content: []node{
			{Tag: "device-identity", Content: container},
			{Tag: "device", Attrs: attrs{"jid": pn, "lid": lid}},
			{Tag: "platform", Attrs: attrs{"name": "android"}},
		}}},
	})
	return nil
}

// vouch goes on to pair-success, after the passkey step if the account has one.
func (r *registration) vouch(secret []byte) error {
	if r.account.passkey == nil {
		return r.pairSuccess(secret)
	}
	return r.askPasskey(secret)
}

// takeReply takes the answer to an iq of ours: the client's half of linking.
func (c *conn) takeReply(n *node) answer {
	r := c.registration
	if r == nil || r.pairing == nil || text(n, "id") != r.pairing.id {
		return answer{}
	}
	if text(n, "type") == "error" {
		failure := child(n, "error")
		r.tell(fmt.Errorf("%w: it said %s", ErrLinking, text(&failure, "text")))
		return answer{}
	}
	if err := r.complete(child(n, "pair-device-sign", "device-identity")); err != nil {
		c.server.refuse(Refusal{Rule: RuleLinking, Stanza: "iq pair-device-sign", Detail: err.Error()})
		r.tell(fmt.Errorf("%w: %w", ErrLinking, err))
		return answer{}
	}
	return answer{durable: true, then: func() { c.linked(r) }}
}

// complete checks the client's signature and creates its device.
func (r *registration) complete(signed node) error {
	var id waAdv.ADVSignedDeviceIdentity
	if err := proto.Unmarshal(raw(signed), &id); err != nil {
		return fmt.Errorf("the signed identity cannot be read: %w", err)
	}
	o := r.pairing
	// The client leaves the account's key out; the whole is what peers check.
	id.AccountSignatureKey = o.identity.AccountSignatureKey
	signedBytes := concat(whatsmeow.AdvDeviceSignaturePrefix, id.Details, r.identity, id.AccountSignatureKey)
	if len(id.DeviceSignature) != 64 || string(id.Details) != string(o.identity.Details) ||
		!ecc.VerifySignature(ecc.NewDjbECPublicKey([32]byte(r.identity)), signedBytes, [64]byte(id.DeviceSignature)) {
		return errors.New("the device's signature is wrong")
	}
	adv, err := proto.Marshal(&id)
	if err != nil {
		return err
	}
	a := r.account
	a.devices[o.device] = &device{
		account: a, id: o.device, noise: r.noise, identity: r.identity, registration: r.registration,
		signed: r.signed, adv: adv, keyIndex: o.keyIndex, platform: r.platform, version: r.version,
	}
	a.nextDevice, a.nextKeyIndex = a.nextDevice+1, a.nextKeyIndex+1
	a.changed()
	return nil
}

// linked sends the client off to log in, after its device is on disk.
func (c *conn) linked(r *registration) {
	s := c.server
	if r.pairing == nil {
		return // it hung up meanwhile
	}
	s.log.Info("linked", "device", r.account.devices[r.pairing.device].label())
	s.devicesChanged(r.account)
	r.tell(nil)
	r.forget()
	c.end(node{Tag: "stream:error", Attrs: attrs{"code": "515"}})
}

// parseQR takes the text of a QR code apart; what stands before "#" and after
// the four known fields differs between clients.
func parseQR(qr string) (ref string, noise, identity, secret []byte, err error) {
	if _, after, found := strings.Cut(qr, "#"); found {
		qr = after
	}
	parts := strings.Split(strings.TrimSpace(qr), ",")
	if len(parts) < 4 {
		return "", nil, nil, nil, ErrQR
	}
	var keys [3][]byte
	for i := range keys {
		keys[i], err = base64.StdEncoding.DecodeString(parts[i+1])
		if err != nil || len(keys[i]) != 32 {
			return "", nil, nil, nil, ErrQR
		}
	}
	return parts[0], keys[0], keys[1], keys[2], nil
}

func concat(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
