package audio

// foreignLimit is how many packets of another codec in a row are worth telling.
const foreignLimit = 5

// verdict tells whether a stream carries the codec that was agreed. libopus
// decodes MLow, the other codec of payload type 120, into noise without an
// error; only the duration gives it away: a packet must last as long as the
// sender's clock moves on from packet to packet, or a multiple of the frame.
type verdict struct {
	frame   int64
	usual   int64 // duration that has been proven by the sender's clock
	seq     int64
	time    int64
	known   bool
	foreign int // voiced packets of another codec in a row
}

// mine judges a packet that lasts samples, 0 if it cannot be told, and begins
// with first.
func (v *verdict) mine(seq, time int64, samples int, first byte) bool {
	d, step := int64(samples), v.step(seq, time)
	silence := first&0xC0 == 0x80 // MLow's descriptor of it proves nothing about speech
	switch {
	case d > 0 && d == step:
		v.usual = d
	case d <= 0 || d != v.usual && d%v.frame != 0:
		if !silence {
			v.foreign++
		}
		return false
	}
	if !silence {
		v.foreign = 0
	}
	return true
}

// step is how far the sender's clock moves on per packet, 0 if not known.
func (v *verdict) step(seq, time int64) (step int64) {
	packets, samples := seq-v.seq, time-v.time
	if v.known && packets != 0 && samples%packets == 0 {
		step = samples / packets
	}
	v.seq, v.time, v.known = seq, time, true
	return step
}

func (v *verdict) mismatch() bool { return v.foreign >= foreignLimit }
