package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrClosed says that the server has been closed.
var ErrClosed = errors.New("the exchange is closed")

// Scan scans the QR code that a client shows, and waits until the client is
// linked or has failed.
func (h *Handset) Scan(ctx context.Context, qr string) error {
	ref, noise, identity, secret, err := parseQR(qr)
	if err != nil {
		return err
	}
	s := h.account.server
	s.mu.Lock()
	r := s.refs[ref]
	if r == nil || string(r.noise[:]) != string(noise) || string(r.identity) != string(identity) {
		s.mu.Unlock()
		return ErrQR
	}
	result, err := r.begin(h.account)
	if err == nil {
		if err = r.vouch(secret); err != nil {
			r.tell(err)
		}
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return h.linked(ctx, r, result)
}

// EnterCode types the code that a client shows, and waits until the client is
// linked or has failed.
func (h *Handset) EnterCode(ctx context.Context, code string) error {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(code) != 8 {
		return ErrCode
	}
	s := h.account.server
	s.mu.Lock()
	r := h.account.askedCode
	if r == nil || r.code == nil {
		s.mu.Unlock()
		return ErrCode
	}
	asked := r.code
	result, err := r.begin(h.account)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	t, err := typeCode(code, asked.wrapped)
	s.mu.Lock()
	switch {
	case err != nil:
		r.tell(err)
	case r.code != asked:
		r.tell(ErrCode)
	default:
		r.typed(t)
	}
	s.mu.Unlock()
	return h.linked(ctx, r, result)
}

// linked waits for the outcome of linking a client.
func (h *Handset) linked(ctx context.Context, r *registration, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		s := h.account.server
		s.mu.Lock()
		defer s.mu.Unlock()
		select {
		case err := <-result:
			return err
		default:
		}
		r.tell(context.Cause(ctx))
		return fmt.Errorf("the client did not finish linking: %w", context.Cause(ctx))
	case <-h.account.server.ctx.Done():
		return ErrClosed
	}
}

// Companion is one linked device of an account.
type Companion struct {
	ID       uint16 `json:"id"`
	Platform string `json:"platform"`
	Version  string `json:"version,omitempty"`
	Online   bool   `json:"online"`
	PreKeys  int    `json:"prekeys"` // one-time keys left
	Waiting  int    `json:"waiting"` // stanzas in the offline queue
}

// Companions lists the account's linked devices.
func (h *Handset) Companions() []Companion {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Companion{}
	for _, id := range h.account.deviceIDs() {
		if d := h.account.devices[id]; id != 0 {
			out = append(out, Companion{id, d.platform, d.version, d.online(), len(d.oneTime), len(d.pending)})
		}
	}
	return out
}

// Unlink removes a companion; it is logged out.
func (h *Handset) Unlink(id uint16) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	d := h.account.devices[id]
	if id == 0 || d == nil {
		return errors.New("no such device is linked; list the companions")
	}
	if c, ok := d.link.(*conn); ok {
		c.end(node{
			Tag: "stream:error", Attrs: attrs{"code": "401"},
			Content: []node{{Tag: "conflict", Attrs: attrs{"type": "device_removed"}}},
		})
	}
	s.forgetDevice(d)
	return nil
}
