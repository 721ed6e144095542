package relay

import (
	"context"
	"errors"
	"net/netip"
)

// channel carries whole messages to one relay and back, unordered and without
// retransmission. Send may be called by several goroutines, Receive by one.
type channel interface {
	// Send hands over one message, which is copied, and does not wait for the
	// network.
	Send(message []byte) error
	// Receive waits for the next message. It fails once the channel is closed by
	// either end; errOversized alone is no failure.
	Receive(buffer []byte) (int, error)
	// Backlog is how many bytes were handed over but not sent yet.
	Backlog() int
	Close() error
}

// dialer opens a channel; it gives up when ctx ends.
type dialer func(ctx context.Context, to target) (channel, error)

// transports are the ways to a channel.
var transports = map[Transport]dialer{
	ICESCTP:        dialICE,
	PeerConnection: dialPeerConnection,
	DTLSUDP:        dialDTLS,
}

// target is one relay's address with what it asks for.
type target struct {
	Addr           netip.AddrPort
	User, Password string // of ICE
	Fingerprint    string
}

// maxMessage is the largest message that either end sends in one piece.
const maxMessage = 1500

// errOversized says that a message was larger than any honest one; it was dropped.
var errOversized = errors.New("the relay sent a message larger than a packet may be")
