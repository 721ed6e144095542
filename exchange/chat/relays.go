package chat

import (
	"net/netip"
	"time"
)

// Relays hands out the credentials that the two sides of a call use at the
// media relays. A Server without Relays offers calls without a relay block.
// Its methods are called with the server's lock held: they must neither wait
// nor call the server.
type Relays interface {
	// Allocate reserves both legs of a call. It is called once per call, before
	// the offer is acknowledged, and must not block on the network.
	Allocate(call CallRef) (caller, callee RelayBlock, err error)
	// Accepted tells which device answered and returns the caller's block as it
	// goes into the delivered accept; ok false leaves the first one in force.
	Accepted(callID, device string) (caller RelayBlock, ok bool)
	// Release ends a call's legs. It may be called for unknown calls.
	Release(callID string)
}

// CallRef names a call for whoever carries its media. Devices are written as
// in media keys: "user:device@lid", the primary with ":0".
type CallRef struct {
	ID            string
	Creator       string   // the caller's device
	CalleeDevices []string // every device that is offered the call
}

// RelayBlock is what one side of a call needs to reach the relays. Tokens are
// found by index: Endpoint.Token and Endpoint.AuthToken point into them.
type RelayBlock struct {
	UUID       string // 16 characters, the same for both sides
	Key        [16]byte
	HopKey     [30]byte
	Tokens     [][]byte
	AuthTokens [][]byte
	Endpoints  []Endpoint
	TagLength  int // warp_mi_tag_len in bytes, 0 leaves it out
}

// Endpoint is one relay as it is offered to one side.
type Endpoint struct {
	ID        int
	Name      string
	Addr      netip.AddrPort // IPv4 or IPv6
	Token     int            // index into Tokens
	AuthToken int            // index into AuthTokens
	Domain    string
	RTT       time.Duration // c2r_rtt, 0 leaves it out
	Protocol  int
	FNA       bool              // a relay that only receives
	Extra     map[string]string // further attributes, such as a certificate's fingerprint
}
