package chat

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// The constants of the passkey step, as in whatsmeow's pair-passkey.go.
const (
	handoffInfo  = "shortcake-passkey-handoff-v1"
	pairingInfo  = "Pairing Information Encryption Key"
	pairingSalt  = "Companion Pairing %d with ref %s"
	passkeyRP    = "whatsapp.com"
	passkeyPlace = "https://web.whatsapp.com"
)

var codeAlphabet = base32.NewEncoding("123456789ABCDEFGHJKLMNPQRSTVWXYZ")

// passkey is an account's WebAuthn credential. The exchange holds both halves:
// the private one plays the authenticator, see Handset.SignPasskey.
type passkey struct {
	ID  []byte `json:"id"`
	Key []byte `json:"key"` // ECDSA P-256 private key
}

func newPasskey() (*passkey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	private, err := key.Bytes()
	return &passkey{ID: randomBytes(16), Key: private}, err
}

func (p *passkey) private() (*ecdsa.PrivateKey, error) {
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), p.Key)
}

// request is the challenge that a browser would be shown.
func (p *passkey) request(challenge []byte) ([]byte, error) {
	return json.Marshal(types.WebAuthnPublicKey{
		Challenge: challenge, Timeout: 60_000, RelyingPartID: passkeyRP, UserVerification: "required",
		AllowCredentials: []types.AllowedCredential{{ID: p.ID, Type: "public-key", Transports: []string{"internal", "hybrid"}}},
	})
}

// assert signs a challenge as an authenticator does (WebAuthn level 2,
// section 6.3.3).
func (p *passkey) assert(challenge []byte) (*types.WebAuthnResponse, error) {
	key, err := p.private()
	if err != nil {
		return nil, err
	}
	client, err := json.Marshal(clientData{"webauthn.get", base64.RawURLEncoding.EncodeToString(challenge), passkeyPlace})
	if err != nil {
		return nil, err
	}
	place := sha256.Sum256([]byte(passkeyRP))
	authenticator := append(place[:], 0x05, 0, 0, 0, 1) // user present and verified; one signature so far
	signature, err := ecdsa.SignASN1(rand.Reader, key, assertionHash(authenticator, client))
	return &types.WebAuthnResponse{
		ID: base64.RawURLEncoding.EncodeToString(p.ID), RawID: p.ID, Type: "public-key",
		Response: types.WebAuthnResponseData{ClientDataJSON: client, AuthenticatorData: authenticator, Signature: signature},
	}, err
}

type clientData struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
}

func assertionHash(authenticator, client []byte) []byte {
	sum := sha256.Sum256(client)
	hash := sha256.Sum256(concat(authenticator, sum[:]))
	return hash[:]
}

// verify checks an assertion as a relying party does (section 7.2).
func (p *passkey) verify(challenge, assertion []byte) error {
	var r types.WebAuthnResponse
	if err := json.Unmarshal(assertion, &r); err != nil {
		return fmt.Errorf("the passkey's answer cannot be read: %w", err)
	}
	var c clientData
	if err := json.Unmarshal(r.Response.ClientDataJSON, &c); err != nil {
		return fmt.Errorf("the passkey's client data cannot be read: %w", err)
	}
	key, err := p.private()
	if err != nil {
		return err
	}
	place := sha256.Sum256([]byte(passkeyRP))
	authenticator := r.Response.AuthenticatorData
	switch {
	case string(r.RawID) != string(p.ID):
		return errors.New("the answer is of another passkey")
	case c.Type != "webauthn.get" || c.Origin != passkeyPlace || c.Challenge != base64.RawURLEncoding.EncodeToString(challenge):
		return errors.New("the passkey answered another request")
	case len(authenticator) < 37 || string(authenticator[:32]) != string(place[:]) || authenticator[32]&0x05 != 0x05:
		return errors.New("the passkey did not verify its user for this place")
	case !ecdsa.VerifyASN1(&key.PublicKey, assertionHash(authenticator, r.Response.ClientDataJSON), r.Response.Signature):
		return errors.New("the passkey's signature is wrong")
	}
	return nil
}

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
	r.conn.push(node{Tag: "notification",
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
	r.conn.push(node{Tag: "notification",
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
