package chat

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// passkeyLink is the passkey step of linking. Its fields are filled in the
// order of its stages.
type passkeyLink struct {
	challenge []byte
	handoff   []byte // proves that the client is the one whose QR or code was used

	identity   []byte // the client's ephemeral identity, serialized
	companion  waCompanionReg.CompanionEphemeralIdentity
	commitment []byte
	primary    *ecdh.PrivateKey
	nonce      []byte

	code      string // shown on both sides
	key       []byte // of the encrypted pairing request
	confirmed bool   // on the handset, or by the handoff proof
	request   []byte // waits for the confirmation
}

// askPasskey starts the step after the QR code or the linking code.
func (r *registration) askPasskey(secret []byte) error {
	handoff, err := hkdf.Key(sha256.New, secret, nil, handoffInfo, 32)
	if err != nil {
		return err
	}
	r.passkey = &passkeyLink{challenge: randomBytes(32), handoff: handoff}
	options, err := r.account.passkey.request(r.passkey.challenge)
	if err != nil {
		return err
	}
	r.conn.push(node{
		Tag:     "notification",
		Attrs:   attrs{"from": types.ServerJID, "type": "passkey_prologue_request", "id": r.conn.server.freshID(), "t": unixNow()},
		Content: []node{{Tag: "passkey_request_options", Content: options}},
	})
	return nil
}

// passkeyIQ takes the client's steps.
func (r *registration) passkeyIQ(n *node) ([]node, *iqError) {
	if r.passkey == nil {
		return nil, errForbidden
	}
	var err error
	switch n.Tag {
	case "passkey_request_options":
		options, failed := r.account.passkey.request(r.passkey.challenge)
		if failed != nil {
			return nil, errBadRequest
		}
		return []node{{Tag: "passkey_request_options", Content: options}}, nil
	case "passkey_prologue":
		err = r.prologue(n)
	case "companion_nonce":
		if err = r.passkey.open(raw(*n)); err == nil {
			r.account.handset.happened()
		}
	case "encrypted_pairing_request":
		r.passkey.request = raw(*n)
		err = r.passkeyFinish()
	default:
		return nil, errUnknown
	}
	if err != nil {
		r.conn.server.refuse(Refusal{Rule: RuleLinking, Stanza: "iq " + n.Tag, Detail: err.Error()})
		r.tell(fmt.Errorf("%w: %w", ErrLinking, err))
		return nil, errBadRequest
	}
	return nil, nil
}

// prologue checks the assertion, keeps the client's commitment, and sends the
// handset's ephemeral identity.
func (r *registration) prologue(n *node) error {
	p := r.passkey
	if err := r.account.passkey.verify(p.challenge, raw(child(n, "webauthn_assertion"))); err != nil {
		return err
	}
	payload := raw(child(n, "prologue_payload"))
	if err := p.take(payload); err != nil {
		return err
	}
	if r.conn.server.refs[p.companion.GetRef()] != r {
		return errors.New("the reference is not the client's")
	}
	if proof := raw(child(n, "pairing_handoff_proof")); proof != nil {
		h := hmac.New(sha256.New, p.handoff)
		h.Write(payload)
		p.confirmed = hmac.Equal(h.Sum(nil), proof)
	}
	var err error
	if p.primary, err = ecdh.X25519().GenerateKey(rand.Reader); err != nil {
		return err
	}
	p.nonce = randomBytes(32)
	identity, err := proto.Marshal(&waCompanionReg.PrimaryEphemeralIdentity{
		PublicKey: p.primary.PublicKey().Bytes(), Nonce: p.nonce,
	})
	if err != nil {
		return err
	}
	r.conn.push(node{
		Tag:     "notification",
		Attrs:   attrs{"from": types.ServerJID, "type": "crsc_continuation", "id": r.conn.server.freshID(), "t": unixNow()},
		Content: []node{{Tag: "primary_ephemeral_identity", Content: identity}},
	})
	return nil
}

func (p *passkeyLink) take(payload []byte) error {
	var prologue waCompanionReg.ProloguePayload
	if err := proto.Unmarshal(payload, &prologue); err != nil {
		return fmt.Errorf("the prologue cannot be read: %w", err)
	}
	p.identity, p.commitment = prologue.GetCompanionEphemeralIdentity(), prologue.GetCommitment().GetHash()
	if err := proto.Unmarshal(p.identity, &p.companion); err != nil {
		return fmt.Errorf("the client's ephemeral identity cannot be read: %w", err)
	}
	return nil
}

// open checks the client's commitment and derives the code that both sides
// show, and the key that the pairing request is encrypted with.
func (p *passkeyLink) open(nonce []byte) error {
	sum := sha256.Sum256(concat(p.identity, nonce))
	if p.primary == nil || len(nonce) != 32 || !hmac.Equal(sum[:], p.commitment) {
		return errors.New("the client's nonce is not what it had committed to")
	}
	shared, err := agree(p.primary, p.companion.GetPublicKey())
	if err != nil {
		return err
	}
	salt := fmt.Sprintf(pairingSalt, p.companion.GetDeviceType(), p.companion.GetRef())
	if p.key, err = hkdf.Key(sha256.New, shared, []byte(salt), pairingInfo, 32); err != nil {
		return err
	}
	digest := sha256.Sum256(concat(nonce, p.primary.PublicKey().Bytes()))
	code := make([]byte, 5)
	for i := range code {
		code[i] = p.nonce[i] ^ digest[i]
	}
	shown := codeAlphabet.EncodeToString(code)
	p.code = shown[:4] + "-" + shown[4:]
	return nil
}

// passkeyFinish goes on to pair-success once the request is here and the codes
// were compared.
func (r *registration) passkeyFinish() error {
	p := r.passkey
	if p.request == nil || !p.confirmed {
		return nil
	}
	request, err := p.pairingRequest()
	if err != nil {
		return err
	}
	if string(request.GetCompanionPublicKey()) != string(r.noise[:]) || string(request.GetCompanionIdentityKey()) != string(r.identity) {
		return errors.New("the pairing request is of another client")
	}
	r.passkey = nil
	return r.pairSuccess(request.GetAdvSecret())
}

func (p *passkeyLink) pairingRequest() (*waCompanionReg.PairingRequest, error) {
	var wrapped waCompanionReg.EncryptedPairingRequest
	if err := proto.Unmarshal(p.request, &wrapped); err != nil || p.key == nil {
		return nil, errors.New("the pairing request cannot be read")
	}
	plain, err := openGCM(p.key, wrapped.GetIV(), wrapped.GetEncryptedPayload())
	if err != nil {
		return nil, errors.New("the pairing request does not decrypt")
	}
	var request waCompanionReg.PairingRequest
	return &request, proto.Unmarshal(plain, &request)
}
