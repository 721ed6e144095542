package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/types"
)

// PasskeyCode waits for the passkey step of the linking under way and returns
// the code that the handset shows, for comparing with the client's.
func (h *Handset) PasskeyCode(ctx context.Context) (string, error) {
	var code string
	err := h.await(ctx, func() bool {
		if r := h.passkeyStep(); r != nil {
			code = r.passkey.code
		}
		return code != ""
	})
	return code, err
}

// ConfirmPasskey says whether the codes are the same; the linking goes on or
// fails.
func (h *Handset) ConfirmPasskey(same bool) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	r := h.passkeyStep()
	if r == nil {
		return ErrNoPasskeyStep
	}
	if !same {
		r.tell(fmt.Errorf("%w: the codes differ", ErrLinking))
		return nil
	}
	r.passkey.confirmed = true
	if err := r.passkeyFinish(); err != nil {
		r.tell(err)
		return err
	}
	return nil
}

// passkeyStep is the client of this account whose passkey step has its code.
func (h *Handset) passkeyStep() *registration {
	for _, r := range h.account.server.refs {
		if r.account == h.account && r.passkey != nil && r.passkey.code != "" {
			return r
		}
	}
	return nil
}

// SignPasskey plays the account's authenticator: it answers the request that a
// client got (JSON) with the assertion (JSON) that a browser would give it.
func (h *Handset) SignPasskey(request string) (string, error) {
	var options types.WebAuthnPublicKey
	if err := json.Unmarshal([]byte(request), &options); err != nil {
		return "", fmt.Errorf("the passkey request cannot be read: %w", err)
	}
	s := h.account.server
	s.mu.Lock()
	key := h.account.passkey
	s.mu.Unlock()
	if key == nil {
		return "", errors.New("the account has no passkey; require one first")
	}
	assertion, err := key.assert(options.Challenge)
	if err != nil {
		return "", err
	}
	out, err := json.Marshal(assertion)
	return string(out), err
}
