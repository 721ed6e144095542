package exchange

import (
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"tring/exchange/chat"
	"tring/exchange/relay"
)

// relays gives calls of the chat server their grants on the relays, with the
// faults that are set for them.
type relays struct {
	cluster *relay.Cluster
	faults  *mediaFaults
	log     *slog.Logger
	// account finds the number behind a device, "" if it has none.
	account func(device string) string

	mu    sync.Mutex
	calls map[string]*grantedCall
}

// grantedCall is one call that holds a grant.
type grantedCall struct {
	numbers [2]string // of caller and callee
	grant   *relay.Grant
	moving  *time.Timer
}

var _ chat.Relays = (*relays)(nil)

func newRelays(c *relay.Cluster, log *slog.Logger, account func(string) string) *relays {
	return &relays{cluster: c, faults: &mediaFaults{}, log: log, account: account, calls: map[string]*grantedCall{}}
}

// Allocate implements chat.Relays.
func (r *relays) Allocate(ref chat.CallRef) (caller, callee chat.RelayBlock, err error) {
	c := &grantedCall{numbers: [2]string{r.account(ref.Creator)}}
	if len(ref.CalleeDevices) > 0 {
		c.numbers[relay.Callee] = r.account(ref.CalleeDevices[0])
	}
	if c.grant, err = r.grant(ref.ID, c.numbers); err != nil {
		return caller, callee, err
	}
	r.mu.Lock()
	r.calls[ref.ID] = c
	r.mu.Unlock()
	r.impair(ref.ID, c)
	print := r.cluster.Fingerprint()
	return block(c.grant, relay.Caller, print), block(c.grant, relay.Callee, print), nil
}

// grant reserves the relays of a call, with the faults that concern all of them.
func (r *relays) grant(callID string, numbers [2]string) (*relay.Grant, error) {
	var port uint16
	if r.faults.either(callID, numbers, func(f MediaFault) bool { port = max(port, f.Port); return f.Port != 0 }) {
		return r.cluster.AllocateAt(callID, port)
	}
	return r.cluster.Allocate(callID, r.faults.either(callID, numbers, func(f MediaFault) bool { return f.Silent }))
}

// Accepted implements chat.Relays: it is when a phone may move to another relay.
func (r *relays) Accepted(callID, _ string) (chat.RelayBlock, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.calls[callID]; c != nil && c.moving == nil {
		c.moving = time.AfterFunc(moveAfter, func() { r.move(callID, c) })
	}
	return chat.RelayBlock{}, false
}

// moveAfter is how long after the answer phones were seen to elect another
// relay.
const moveAfter = 150 * time.Millisecond

// move makes the sides of an answered call change relays where a fault says so.
func (r *relays) move(callID string, c *grantedCall) {
	for side, number := range c.numbers {
		if f, found := r.faults.find(callID, number); found && f.Move != nil {
			if err := r.cluster.Move(callID, relay.Side(side), *f.Move); err != nil {
				r.log.Debug("a phone could not be moved", "call", callID, "error", err)
			}
		}
	}
}

// Release implements chat.Relays.
func (r *relays) Release(callID string) {
	r.mu.Lock()
	c := r.calls[callID]
	delete(r.calls, callID)
	r.mu.Unlock()
	if c != nil && c.moving != nil {
		c.moving.Stop()
	}
	r.cluster.Release(callID)
}

// impair gives both sides of a call the path that their faults want.
func (r *relays) impair(callID string, c *grantedCall) {
	for side, number := range c.numbers {
		f, _ := r.faults.find(callID, number)
		if err := r.cluster.Impair(callID, relay.Side(side), f.Path); err != nil {
			r.log.Debug("a path could not be impaired", "call", callID, "error", err)
		}
	}
}

// refresh applies changed faults to the calls in progress.
func (r *relays) refresh() {
	r.mu.Lock()
	running := make(map[string]*grantedCall, len(r.calls))
	for id, c := range r.calls {
		running[id] = c
	}
	r.mu.Unlock()
	for id, c := range running {
		r.impair(id, c)
		if c.answered(&r.mu) {
			r.move(id, c)
		}
	}
}

func (c *grantedCall) answered(mu *sync.Mutex) bool {
	mu.Lock()
	defer mu.Unlock()
	return c.moving != nil
}

// block writes a grant as one side is told of it. Each relay has its own token
// and, as on the real network, its own auth token; index 0 of the auth tokens
// belongs to a relay marked as the in-network appliance, and to none otherwise.
// The fingerprint is ours alone: real relays all show one known certificate.
func block(g *relay.Grant, side relay.Side, fingerprint string) chat.RelayBlock {
	b := chat.RelayBlock{UUID: g.UUID, Key: g.Key, HopKey: g.HopKey, TagLength: 4}
	b.AuthTokens = [][]byte{[]byte(rand.Text())}
	for i, e := range g.Endpoints[side] {
		b.Tokens = append(b.Tokens, e.Token)
		auth := 0
		if e.FNA {
			b.AuthTokens[0] = e.Auth
		} else {
			b.AuthTokens = append(b.AuthTokens, e.Auth)
			auth = len(b.AuthTokens) - 1
		}
		b.Endpoints = append(b.Endpoints, chat.Endpoint{
			ID: i, Name: e.Name, Addr: e.Addr, Token: i, AuthToken: auth, RTT: e.RTT, FNA: e.FNA,
			Extra: map[string]string{"fingerprint": fingerprint},
		})
	}
	return b
}
