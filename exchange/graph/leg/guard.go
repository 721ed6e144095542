package leg

import (
	"time"

	"github.com/pion/stun/v4"
)

// kind is what a datagram is, by its first bytes (RFC 7983 section 7, RFC 5761
// section 4).
type kind uint8

const (
	other kind = iota
	check
	handshake
	media
	control
	kinds
)

func kindOf(b []byte) kind {
	switch {
	case len(b) == 0:
		return other
	case b[0] <= 3:
		return check
	case b[0] >= 20 && b[0] <= 63:
		return handshake
	case b[0] < 128 || b[0] > 191 || len(b) < 2:
		return other
	case b[1] >= 192 && b[1] <= 223:
		return control
	}
	return media
}

// isHello tells a DTLS ClientHello, which opens a handshake (RFC 6347 section 4.2).
func isHello(b []byte) bool { return len(b) > 13 && b[0] == 22 && b[13] == 1 }

// guard decides what the relay takes notice of. It has no clock and no socket;
// its owner locks.
type guard struct {
	listens time.Time // from when it answers; zero is never
	hellos  int       // first flights that get lost
	opened  time.Time // when the call was accepted; zero is not yet
	lenient bool      // media before that is heard

	seen       [kinds]int // datagrams
	deaf       int        // checks before it listened
	early      int        // media before the call was accepted
	earlyCtrl  int        // RTCP before that
	controlled bool       // the client left control to a relay that cannot take it
	nominated  bool
	first      time.Time // first media after the call was accepted
	last       time.Time // latest media
	lastAny    time.Time // latest media or RTCP
	earlyAt    time.Time // first early media
}

// admit says whether a datagram that came at now reaches the relay.
func (g *guard) admit(b []byte, now time.Time) bool {
	k := kindOf(b)
	g.seen[k]++
	if g.listens.IsZero() || now.Before(g.listens) {
		if k == check {
			g.deaf++
		}
		if k != media {
			return false
		}
	}
	switch k {
	case check:
		g.inspect(b)
		return true
	case handshake:
		return !g.loses(b)
	case media:
		return g.media(now)
	case control:
		return g.control(now)
	default:
		return false
	}
}

// loses says whether this is one of the flights that get lost.
func (g *guard) loses(b []byte) bool {
	if g.hellos == 0 || !isHello(b) {
		return false
	}
	g.hellos--
	return true
}

func (g *guard) media(now time.Time) bool {
	if g.opened.IsZero() {
		g.early++
		if g.earlyAt.IsZero() {
			g.earlyAt = now
		}
		return g.lenient
	}
	if g.first.IsZero() {
		g.first = now
	}
	g.last, g.lastAny = now, now
	return true
}

func (g *guard) control(now time.Time) bool {
	if g.opened.IsZero() {
		g.earlyCtrl++
	}
	g.lastAny = now
	return true
}

// inspect notes which role the client takes and whether it nominates.
func (g *guard) inspect(b []byte) {
	m := stun.Message{Raw: b}
	if m.Decode() != nil || m.Type != stun.BindingRequest {
		return
	}
	g.controlled = g.controlled || m.Contains(stun.AttrICEControlled)
	g.nominated = g.nominated || m.Contains(stun.AttrUseCandidate)
}
