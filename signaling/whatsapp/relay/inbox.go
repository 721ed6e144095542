package relay

import (
	"tring/audio"
)

// inboxSize is how many packets wait for whoever plays them: nearly two
// seconds. More would be late anyway.
const inboxSize = 32

// inbox hands packets from the network to the player. Their buffers go round
// between the two, so that nothing is allocated.
type inbox struct {
	full chan *audio.Packet
	free chan *audio.Packet
}

func newInbox() *inbox {
	in := &inbox{make(chan *audio.Packet, inboxSize), make(chan *audio.Packet, inboxSize+1)}
	for range inboxSize + 1 {
		in.free <- &audio.Packet{Payload: make([]byte, 0, audio.MaxPayload)}
	}
	return in
}

// Blank is a packet to be filled and then put or given back. Nobody else may
// fill one meanwhile.
func (in *inbox) Blank() *audio.Packet {
	select {
	case p := <-in.free:
		return p
	default:
		return in.oldest()
	}
}

// oldest takes away the packet that waited longest, when the player stopped
// reading.
func (in *inbox) oldest() *audio.Packet {
	select {
	case p := <-in.full:
		return p
	case p := <-in.free:
		return p
	}
}

// Put hands a filled packet over. It never waits: the packet was taken from
// the same round.
func (in *inbox) Put(p *audio.Packet) {
	for {
		select {
		case in.full <- p:
			return
		default:
			in.GiveBack(in.oldest())
		}
	}
}

// GiveBack returns a packet that is not handed over.
func (in *inbox) GiveBack(p *audio.Packet) { in.free <- p }

// take swaps a packet that came with the player's own.
func (in *inbox) take(got, p *audio.Packet) {
	*p, *got = *got, *p
	got.Payload = got.Payload[:0]
	in.GiveBack(got)
}
