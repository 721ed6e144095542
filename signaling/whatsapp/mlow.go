package whatsapp

import "tring/audio"

// mlowLimit is how many packets in a row must look like MLow before the call
// is said to be incompatible. A lost packet or an odd frame is not enough.
const mlowLimit = 5

// mlowWatch notices a peer that sends MLow although plain Opus was agreed on.
// The payload type is the same and libopus decodes MLow without complaint, as
// noise; what gives it away is that the length which the first byte claims
// does not fit the time between packets (oxidezap/whatsapp-rust).
type mlowWatch struct {
	last  audio.Packet
	began bool
	row   int
}

// sees takes one received packet; true once enough of them were MLow.
func (w *mlowWatch) sees(p *audio.Packet, clock audio.SampleRate) bool {
	before, began := w.last, w.began
	w.last, w.began = audio.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp}, true
	if !began || p.Sequence != before.Sequence+1 || len(p.Payload) == 0 || neutral(p.Payload[0]) {
		return false
	}
	step := int64(p.Timestamp - before.Timestamp)
	if opusTicks(p.Payload, clock) == step {
		w.row = 0
		return false
	}
	w.row++
	return w.row == mlowLimit
}

// neutral packets say nothing: MLow's descriptor of silence, and its escape,
// behind which plain Opus stands.
func neutral(first byte) bool { return first&0xC0 == 0x80 || first&0xC0 == 0xC0 }

// opusFrames are the frame lengths of Opus by configuration, in half
// milliseconds (RFC 6716, table 2).
var opusFrames = [32]int64{
	20, 40, 80, 120, 20, 40, 80, 120, 20, 40, 80, 120, // SILK
	20, 40, 20, 40, // hybrid
	5, 10, 20, 40, 5, 10, 20, 40, 5, 10, 20, 40, 5, 10, 20, 40, // CELT
}

// opusTicks is how long an Opus packet claims to be, in units of its RTP clock.
func opusTicks(packet []byte, clock audio.SampleRate) int64 {
	frames := int64(1)
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return -1
		}
		frames = int64(packet[1] & 63)
	}
	return frames * opusFrames[packet[0]>>3] * int64(clock) / 2000
}
