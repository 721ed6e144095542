package rtc

import "tring/audio"

// inboxSize is how many packets wait for whoever plays them: half a second.
// More would be late anyway.
const inboxSize = 25

// inbox hands packets from the network to the player. Their buffers go round
// between the two, so that nothing is allocated.
type inbox struct {
	full chan *audio.Packet
	free chan *audio.Packet
}

func newInbox() *inbox {
	in := &inbox{make(chan *audio.Packet, inboxSize), make(chan *audio.Packet, inboxSize+maxTracks)}
	for range inboxSize + maxTracks {
		in.free <- &audio.Packet{Payload: make([]byte, 0, audio.MaxPayload)}
	}
	return in
}

// blank is a packet to be filled; the oldest that waits when all are in use.
func (in *inbox) blank() *audio.Packet {
	select {
	case p := <-in.free:
		return p
	default:
	}
	select {
	case p := <-in.full:
		return p
	case p := <-in.free:
		return p
	}
}

// put hands a packet over, in place of the oldest if nobody takes them.
func (in *inbox) put(p *audio.Packet) {
	for {
		select {
		case in.full <- p:
			return
		default:
		}
		select {
		case old := <-in.full:
			in.free <- old
		default:
		}
	}
}

// take swaps a packet that came with the player's own.
func (in *inbox) take(got, out *audio.Packet) {
	*out, *got = *got, *out
	got.Payload = got.Payload[:0]
	in.free <- got
}
