package chat

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// The parameters of linking by code.
const (
	codeRounds   = 2 << 16 // of PBKDF2
	wrappedSize  = 80      // salt 32, IV 16, key 32
	bundleInfo   = "link_code_pairing_key_bundle_encryption_key"
	secretInfo   = "adv_secret"
	bundleHeader = 32 + 12 // salt, nonce
)

// codeLink is a linking by code in progress.
type codeLink struct {
	ref     string
	wrapped []byte           // the client's ephemeral key, wrapped with the code
	account *Account         // whose number the client gave
	primary *ecdh.PrivateKey // the handset's ephemeral key, once the code was typed
	client  []byte           // the client's ephemeral key, unwrapped
}

// linkCode takes the client's steps of linking by code.
func (r *registration) linkCode(n *node) ([]node, *iqError) {
	switch text(n, "stage") {
	case "companion_hello":
		return r.codeHello(n)
	case "companion_finish":
		return nil, r.codeFinish(n)
	}
	return nil, errBadRequest
}

func (r *registration) codeHello(n *node) ([]node, *iqError) {
	j, _ := jid(n, "jid")
	wrapped := raw(child(n, "link_code_pairing_wrapped_companion_ephemeral_pub"))
	a := r.conn.server.find(j)
	switch {
	case len(wrapped) != wrappedSize || !knownDisplay(string(raw(child(n, "companion_platform_display")))):
		return nil, errBadRequest
	case a == nil:
		return nil, errNotFound
	}
	r.code = &codeLink{ref: r.newRef(), wrapped: wrapped, account: a}
	a.askedCode = r
	return []node{{Tag: "link_code_companion_reg", Attrs: attrs{"stage": "companion_hello"}, Content: []node{
		{Tag: "link_code_pairing_ref", Content: []byte(r.code.ref)},
	}}}, nil
}

// knownDisplay reports whether the client named itself "Browser (System)"; the
// real network answers anything else with 400.
func knownDisplay(name string) bool {
	before, after, ok := strings.Cut(name, " (")
	return ok && before != "" && strings.HasSuffix(after, ")") && len(after) > 1
}

// typedCode is what typing a code into a handset yields. Deriving its keys
// takes tens of milliseconds, so it is made without the lock.
type typedCode struct {
	primary *ecdh.PrivateKey
	wrapped []byte // the handset's ephemeral key, for the client
	client  []byte // the client's ephemeral key; nonsense if the code is wrong
}

func typeCode(code string, wrappedClient []byte) (*typedCode, error) {
	client, err := unwrap(code, wrappedClient)
	if err != nil {
		return nil, err
	}
	primary, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	wrapped, err := wrap(code, primary.PublicKey().Bytes())
	return &typedCode{primary, wrapped, client}, err
}

// typed sends the client the handset's key, hidden under the code as its own.
func (r *registration) typed(t *typedCode) {
	r.code.primary, r.code.client = t.primary, t.client
	r.conn.push(node{
		Tag:   "notification",
		Attrs: attrs{"from": types.ServerJID, "type": "link_code_companion_reg", "id": r.conn.server.freshID(), "t": unixNow()},
		Content: []node{{Tag: "link_code_companion_reg", Attrs: attrs{"stage": "primary_hello"}, Content: []node{
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: t.wrapped},
			{Tag: "primary_identity_pub", Content: r.code.account.handset.identity()},
			{Tag: "link_code_pairing_ref", Content: []byte(r.code.ref)},
		}}},
	})
}

// codeFinish opens the client's key bundle. A wrong code shows here: the two
// sides have then agreed on nothing.
func (r *registration) codeFinish(n *node) *iqError {
	if r.code == nil || r.code.primary == nil || string(raw(child(n, "link_code_pairing_ref"))) != r.code.ref {
		return errBadRequest
	}
	secret, err := r.code.secret(r, raw(child(n, "link_code_pairing_wrapped_key_bundle")))
	if err == nil {
		r.code = nil
		err = r.vouch(secret)
	}
	if err != nil {
		r.conn.server.refuse(Refusal{Rule: RuleLinking, Stanza: "iq companion_finish", Detail: err.Error()})
		r.tell(err)
		return errBadRequest
	}
	return nil
}

// secret opens the bundle and derives the ADV secret from it.
func (c *codeLink) secret(r *registration, bundle []byte) ([]byte, error) {
	if len(bundle) < bundleHeader {
		return nil, ErrCode
	}
	shared, err := agree(c.primary, c.client)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, shared, bundle[:32], bundleInfo, 32)
	if err != nil {
		return nil, err
	}
	plain, err := openGCM(key, bundle[32:bundleHeader], bundle[bundleHeader:])
	if err != nil || len(plain) != 96 || string(plain[:32]) != string(r.identity) ||
		string(plain[32:64]) != string(c.account.handset.identity()) {
		return nil, ErrCode
	}
	identities, err := c.account.handset.agree(plain[:32])
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, concat(shared, identities, plain[64:]), nil, secretInfo, 32)
}

func agree(private *ecdh.PrivateKey, public []byte) ([]byte, error) {
	key, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCode, err)
	}
	shared, err := private.ECDH(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCode, err)
	}
	return shared, nil
}

func openGCM(key, nonce, ciphertext []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(nonce) != gcm.NonceSize() {
		return nil, errors.New("a nonce of the wrong length")
	}
	return gcm.Open(nil, nonce, ciphertext, nil)
}

// wrap hides a key under the code: salt, IV, AES-256-CTR.
func wrap(code string, key []byte) ([]byte, error) {
	out := append(randomBytes(48), key...)
	return out, underCode(code, out)
}

func unwrap(code string, wrapped []byte) ([]byte, error) {
	out := append([]byte{}, wrapped...)
	err := underCode(code, out)
	return out[48:], err
}

// underCode applies the code's key stream to the last 32 bytes, in place.
func underCode(code string, wrapped []byte) error {
	key, err := pbkdf2.Key(sha256.New, code, wrapped[:32], codeRounds, 32)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	cipher.NewCTR(block, wrapped[32:48]).XORKeyStream(wrapped[48:], wrapped[48:])
	return nil
}
