package chat

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/types"
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
