package chat

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// scanning starts a scan of the client's QR code and returns its outcome.
func (c *client) scanning(ctx context.Context, a *Account) <-chan error {
	c.t.Helper()
	if err := c.ConnectContext(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	qr := event[*events.QR](c, nil)
	result := make(chan error, 1)
	go func() { result <- a.Handset().Scan(ctx, qr.Codes[0]) }()
	return result
}

// answerPasskey has the account's authenticator answer the client's request.
func (c *client) answerPasskey(ctx context.Context, a *Account) error {
	c.t.Helper()
	request := event[*events.PairPasskeyRequest](c, nil)
	asked, err := json.Marshal(request.PublicKey)
	if err != nil {
		c.t.Fatal(err)
	}
	signed, err := a.Handset().SignPasskey(string(asked))
	if err != nil {
		c.t.Fatal(err)
	}
	var answer types.WebAuthnResponse
	if err = json.Unmarshal([]byte(signed), &answer); err != nil {
		c.t.Fatal(err)
	}
	return c.SendPasskeyResponse(ctx, &answer)
}

func TestLinkingWithAPasskey(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	if err := ann.SetPasskeyRequired(true); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := n.newClient()
	scanned := c.scanning(ctx, ann)
	if err := c.answerPasskey(ctx, ann); err != nil {
		t.Fatal(err)
	}
	// The client proved that it is the one whose QR code was scanned, so
	// neither side has to compare codes.
	confirmation := event[*events.PairPasskeyConfirmation](c, nil)
	if !confirmation.SkipHandoffUX {
		t.Error("the client would show the code although it need not")
	}
	if err := c.SendPasskeyConfirmation(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-scanned; err != nil {
		t.Fatal(err)
	}
	event[*events.Connected](c, nil)
}

func TestWithoutProofTheHandsetComparesCodes(t *testing.T) {
	for name, same := range map[string]bool{"same": true, "different": false} {
		t.Run(name, func(t *testing.T) {
			n := start(t, Options{})
			ann := n.account("+15550100001", "Ann")
			if err := ann.SetPasskeyRequired(true); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			c := n.newClient()
			c.AddEventHandler(func(e any) {
				if is[*events.QR](e) {
					c.Store.AdvSecretKey = randomBytes(32) // its proof will not fit the QR code that is scanned
				}
			})
			scanned := c.scanning(ctx, ann)
			if err := c.answerPasskey(ctx, ann); err != nil {
				t.Fatal(err)
			}
			confirmation := event[*events.PairPasskeyConfirmation](c, nil)
			code, err := ann.Handset().PasskeyCode(ctx)
			if err != nil || code != confirmation.Code {
				t.Fatalf("the handset shows %q, the client %q: %v", code, confirmation.Code, err)
			}
			if err = c.SendPasskeyConfirmation(ctx); err != nil {
				t.Fatal(err)
			}
			if err = ann.Handset().ConfirmPasskey(same); err != nil {
				t.Fatal(err)
			}
			if err = <-scanned; same && err != nil || !same && !errors.Is(err, ErrLinking) {
				t.Errorf("linking ended with %v", err)
			}
		})
	}
}

func TestAForeignPasskeyDoesNotLink(t *testing.T) {
	n := start(t, Options{})
	ann, bob := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	if err := errors.Join(ann.SetPasskeyRequired(true), bob.SetPasskeyRequired(true)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := n.newClient()
	scanned := c.scanning(ctx, ann)
	if err := c.answerPasskey(ctx, bob); err == nil {
		t.Error("the exchange took the passkey of somebody else")
	}
	if err := <-scanned; !errors.Is(err, ErrLinking) {
		t.Errorf("linking ended with %v", err)
	}
}

func TestAnAssertionIsCheckedInEveryPart(t *testing.T) {
	key, err := newPasskey()
	if err != nil {
		t.Fatal(err)
	}
	challenge := randomBytes(32)
	for name, spoil := range map[string]func(r *types.WebAuthnResponse){
		"another credential": func(r *types.WebAuthnResponse) { r.RawID = randomBytes(16) },
		"another challenge": func(r *types.WebAuthnResponse) {
			r.Response.ClientDataJSON[len(`{"type":"webauthn.get","challenge":"`)] ^= 1
		},
		"nobody there":       func(r *types.WebAuthnResponse) { r.Response.AuthenticatorData[32] = 0 },
		"another place":      func(r *types.WebAuthnResponse) { r.Response.AuthenticatorData[0] ^= 1 },
		"a broken signature": func(r *types.WebAuthnResponse) { r.Response.Signature[8] ^= 1 },
		"no client data":     func(r *types.WebAuthnResponse) { r.Response.ClientDataJSON = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r, err := key.assert(challenge)
			if err != nil {
				t.Fatal(err)
			}
			spoil(r)
			spoiled, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if key.verify(challenge, spoiled) == nil {
				t.Error("it was taken")
			}
		})
	}
}
