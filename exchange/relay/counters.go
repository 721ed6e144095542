package relay

import "sync/atomic"

type counter int

// What a relay counts. The names are those of the admin API.
const (
	datagramsIn counter = iota
	datagramsOut
	bytesIn
	bytesOut
	bindings
	bindingsRefused
	handshakes
	handshakesFailed
	allocates
	allocatesRefused
	pings
	consents
	consentsLost
	forwarded
	forwardedBytes
	droppedUnproved // media of a leg that has no valid registration
	droppedNobody   // the other side is not bound on this relay
	droppedMoved    // the other side has moved to another relay
	droppedBacklog  // the receiver does not take what it is sent
	droppedPath     // lost by an injected fault
	malformed
	orderedMessages // arrived over an ordered stream: the phone keeps late sound
	leasesExpired
	legsClosed
	counterCount
)

var counterNames = [counterCount]string{
	"datagrams_in", "datagrams_out", "bytes_in", "bytes_out",
	"bindings", "bindings_refused", "handshakes", "handshakes_failed",
	"allocates", "allocates_refused", "pings", "consents", "consents_lost",
	"forwarded", "forwarded_bytes",
	"dropped_unproved", "dropped_nobody", "dropped_moved", "dropped_backlog", "dropped_path",
	"malformed", "ordered_messages", "leases_expired", "legs_closed",
}

type counters [counterCount]atomic.Uint64

func (c *counters) add(what counter, n int) { c[what].Add(uint64(n)) }

// snapshot is every counter by name.
func (c *counters) snapshot() map[string]uint64 {
	out := make(map[string]uint64, counterCount)
	for i := range c {
		out[counterNames[i]] = c[i].Load()
	}
	return out
}
