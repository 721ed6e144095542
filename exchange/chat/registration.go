package chat

import (
	"encoding/base64"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
)

// registration is a client that waits to be linked. Guarded by Server.mu.
type registration struct {
	conn         *conn
	noise        [32]byte
	identity     []byte
	registration []byte
	signed       publicKey
	platform     string
	version      string

	refs    []string
	account *Account     // whose handset has begun to link the client
	code    *codeLink    // a linking code was asked for
	passkey *passkeyLink // the passkey step is under way
	pairing *pairingOffer
	result  chan error // where the handset waits; nil while none does
}

// pairingOffer is a sent pair-success.
type pairingOffer struct {
	id       string
	device   uint16
	keyIndex uint32
	identity *waAdv.ADVSignedDeviceIdentity
}

// register starts the linking of a new client. Called with the lock held.
func (c *conn) register(payload *waWa6.ClientPayload) {
	p := payload.GetDevicePairingData()
	r := &registration{
		conn: c, noise: c.session.Client,
		identity: p.GetEIdent(), registration: p.GetERegid(),
		signed:   publicKey{ID: p.GetESkeyID(), Value: p.GetESkeyVal(), Signature: p.GetESkeySig()},
		platform: platformOf(p.GetDeviceProps()), version: versionOf(payload),
	}
	if !r.valid() {
		c.server.refuse(Refusal{Rule: RuleLinking, Stanza: "registration", Detail: "a key is missing, has the wrong length or a wrong signature"})
		c.end(LoginFailure{Reason: FailureBadRequest}.node())
		return
	}
	c.registration = r
	var list []node
	for range qrRefs {
		list = append(list, node{Tag: "ref", Content: []byte(r.newRef())})
	}
	c.push(node{
		Tag:     "iq",
		Attrs:   attrs{"from": types.ServerJID, "type": "set", "id": c.server.freshID(), "xmlns": "md"},
		Content: []node{{Tag: "pair-device", Content: list}},
	})
}

func (r *registration) valid() bool {
	if len(r.identity) != 32 || len(r.registration) != 4 || len(r.signed.ID) != 3 ||
		len(r.signed.Value) != 32 || len(r.signed.Signature) != 64 {
		return false
	}
	key := append([]byte{ecc.DjbType}, r.signed.Value...)
	return ecc.VerifySignature(ecc.NewDjbECPublicKey([32]byte(r.identity)), key, [64]byte(r.signed.Signature))
}

// newRef makes a reference by which a handset finds this client.
func (r *registration) newRef() string {
	ref := "2@" + base64.StdEncoding.EncodeToString(randomBytes(48))
	r.refs = append(r.refs, ref)
	r.conn.server.refs[ref] = r
	return ref
}

// begin has a handset wait for the outcome of linking this client.
func (r *registration) begin(a *Account) (<-chan error, error) {
	if r.result != nil {
		return nil, ErrBusyLinking
	}
	if len(a.devices) > maxCompanions {
		return nil, ErrTooMany
	}
	r.account, r.result = a, make(chan error, 1)
	return r.result, nil
}

// tell ends the handset's waiting; err nil means linked. The client may try
// again after a failure.
func (r *registration) tell(err error) {
	if r.result != nil {
		r.result <- err
	}
	r.result, r.pairing, r.passkey, r.code = nil, nil, nil, nil
}

// forget drops a client that hung up or is linked.
func (r *registration) forget() {
	for _, ref := range r.refs {
		delete(r.conn.server.refs, ref)
	}
	r.tell(ErrLinking)
	r.conn.registration = nil
}

// registrationIQ answers what a client asks while it waits to be linked.
func (c *conn) registrationIQ(n *node) answer {
	var content []node
	failed := errForbidden
	switch r, inner := c.registration, first(n); {
	case text(n, "xmlns") == "w:p":
		failed = nil
	case r == nil || text(n, "xmlns") != "md":
	case inner.Tag == "link_code_companion_reg":
		content, failed = r.linkCode(&inner)
	case inner.Tag == "ref":
		content, failed = []node{{Tag: "ref", Content: []byte(r.newRef())}}, nil
	default:
		content, failed = r.passkeyIQ(&inner)
	}
	return answer{then: func() { c.push(iqReply(n, content, failed)) }}
}
