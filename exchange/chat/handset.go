package chat

import (
	"context"
	"crypto/ecdh"
	"encoding/binary"
	"fmt"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"tring/exchange/chat/keystore"
)

// Handset is an account's simulated phone: its primary device, with a Signal
// identity of its own. It links companions, is offered every call and message
// of the account, and does what a person does with a phone.
//
// It is an ordinary device to the router. What it is sent is handled by one
// goroutine that exists only while there is something to do.
type Handset struct {
	account *Account
	keys    *keystore.Store
	signal  *store.Device

	crypto sync.Mutex // orders what changes sessions and app state; taken before Server.mu

	// Guarded by Server.mu.
	jobs    []func()
	working bool
	calls   []*HandsetCall // newest last
	texts   []Text         // newest last
	sent    []*sentMessage // newest last
	policy  CallPolicy
	changed chan struct{} // closed and replaced when something happened
}

// oneTimeKeys is how many prekeys a handset publishes at a time.
const oneTimeKeys = 20

// newHandset makes the handset of a new account. Called with the lock held.
func newHandset(a *Account) *Handset {
	h := restoreHandset(a, keystore.New())
	signed := h.signal.SignedPreKey
	d := a.devices[0]
	d.identity = h.identity()
	d.registration = binary.BigEndian.AppendUint32(nil, h.signal.RegistrationID)
	d.signed = publicKey{ID: keyID(signed.KeyID), Value: signed.Pub[:], Signature: signed.Signature[:]}
	return h
}

// restoreHandset gives an account its handset back.
func restoreHandset(a *Account, keys *keystore.Store) *Handset {
	h := &Handset{account: a, keys: keys, changed: make(chan struct{})}
	h.signal = keys.Device(a.pnJID(), a.lidJID())
	if a.devices[0] == nil {
		a.devices[0] = &device{account: a, platform: "android", version: "2.26.30.75", introduced: true}
	}
	a.devices[0].link, a.devices[0].active = h, true
	return h
}

// publish leaves new one-time prekeys at the server.
func (h *Handset) publish() {
	made, err := h.keys.GetOrGenPreKeys(context.Background(), oneTimeKeys)
	if err != nil {
		h.log("prekeys cannot be made", err)
		return
	}
	h.settle()
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	d := h.device()
	for _, k := range made {
		d.oneTime = append(d.oneTime, publicKey{ID: keyID(k.KeyID), Value: k.Pub[:]})
	}
	d.uploaded = true
	h.account.changed()
}

// remember has the handset's secrets written out soon.
func (h *Handset) remember() {
	h.account.server.vault.mark(h.account.number+handsetSuffix, h.keys.MarshalJSON)
}

// settle writes the handset's secrets out before anything that depends on them
// leaves it: a handset that forgot what it has sent would use keys twice.
// Called without Server.mu.
func (h *Handset) settle() {
	h.remember()
	if err := h.account.server.vault.sync(); err != nil {
		h.log("its keys cannot be kept", err)
	}
}

func (h *Handset) device() *device { return h.account.devices[0] }

// identity is the handset's public identity key, which never changes.
func (h *Handset) identity() []byte { return h.signal.IdentityKey.Pub[:] }

// agree is the shared secret of the handset's identity and another one.
func (h *Handset) agree(other []byte) ([]byte, error) {
	private, err := ecdh.X25519().NewPrivateKey(h.signal.IdentityKey.Priv[:])
	if err != nil {
		return nil, err
	}
	return agree(private, other)
}

// SetOnline switches the handset's connection on or off. What it is sent
// meanwhile waits for it.
func (h *Handset) SetOnline(on bool) {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	d := h.device()
	switch {
	case on && d.link == nil:
		d.link = h
		s.deviceBack(d)
		s.activate(d)
	case !on && d.link != nil:
		d.link, d.active = nil, false
		s.deviceGone(d)
	}
}

// push takes a stanza from the router. Called with the lock held.
func (h *Handset) push(n node) { h.do(func() { h.take(n) }) }

// do has the handset's goroutine run job after those before it. Called with
// the lock held.
func (h *Handset) do(job func()) {
	s := h.account.server
	if s.closed {
		return
	}
	h.jobs = append(h.jobs, job)
	if !h.working {
		h.working = true
		s.tasks.Add(1)
		go h.work()
	}
}

func (h *Handset) work() {
	s := h.account.server
	defer s.tasks.Done()
	for {
		s.mu.Lock()
		if len(h.jobs) == 0 || s.closed {
			h.working, h.jobs = false, nil
			s.mu.Unlock()
			return
		}
		job := h.jobs[0]
		h.jobs = h.jobs[1:]
		s.mu.Unlock()
		job()
	}
}

// take handles one stanza and confirms it, as a client does.
func (h *Handset) take(n node) {
	switch n.Tag {
	case "message":
		h.takeMessage(&n)
	case "receipt":
		h.takeReceipt(&n)
	case "call":
		h.takeCall(&n)
	case "notification":
		h.takeNotification(&n)
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	h.device().confirm(n.Tag, text(&n, "id"))
}

func (h *Handset) takeNotification(n *node) {
	switch text(n, "type") {
	case "encrypt":
		h.publish()
	case "server_sync":
		h.followCompanions()
	}
}

// happened wakes whoever waits for something on the handset. Called with the
// lock held.
func (h *Handset) happened() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// await waits until look, called with the lock held, says that it is enough.
func (h *Handset) await(ctx context.Context, look func() bool) error {
	s := h.account.server
	for {
		s.mu.Lock()
		done, changed := look(), h.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("the handset of %s waited in vain: %w", mask(h.account.number), context.Cause(ctx))
		case <-s.ctx.Done():
			return ErrClosed
		}
	}
}

func (h *Handset) log(what string, err error) {
	h.account.server.log.Warn("handset: "+what, "account", mask(h.account.number), "error", err)
}

func keyID(id uint32) []byte { return binary.BigEndian.AppendUint32(nil, id)[1:] }

// own reports whether an address is one of the account's devices.
func (h *Handset) own(j types.JID) bool {
	return j.User == h.account.lid || j.User == h.account.number
}
