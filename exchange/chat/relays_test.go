package chat

import (
	"net/netip"
	"sync"

	"go.mau.fi/whatsmeow/types"
)

// relays is a Relays that records what it is asked.
type relays struct {
	mu       sync.Mutex
	calls    map[string]CallRef
	accepted map[string]string
	released []string
}

func (r *relays) Allocate(c CallRef) (caller, callee RelayBlock, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls, r.accepted = map[string]CallRef{}, map[string]string{}
	}
	r.calls[c.ID] = c
	block := func(token int) RelayBlock {
		return RelayBlock{
			UUID: "relayrelayrelay1", Key: [16]byte{byte(token)}, HopKey: [30]byte{byte(token)},
			Tokens: [][]byte{randomBytes(182), randomBytes(182)}, AuthTokens: [][]byte{randomBytes(70)},
			Endpoints: []Endpoint{{Name: "local1", Addr: netip.MustParseAddrPort("127.0.0.1:3480"), Token: token}},
			TagLength: 4,
		}
	}
	return block(0), block(1), nil
}

func (r *relays) Accepted(id, device string) (RelayBlock, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.accepted[id] = device
	return RelayBlock{}, false
}

func (r *relays) Release(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released = append(r.released, id)
}

// terminateOf stops some of a callee's devices.
func terminateOf(id string, from *client, reason string, devices ...types.JID) node {
	n := terminateFor(devices, reason)
	n.Attrs["call-id"], n.Attrs["call-creator"] = id, from.Store.GetLID()
	return n
}
