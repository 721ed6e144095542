package rtc

import (
	"io"
	"time"

	"tring/audio"
)

// frame is the length of one packet; the relay wants exactly this.
var frame = audio.OpusWebRTC.Frame

// samples is how far the clock moves in one frame.
var samples = uint32(audio.OpusWebRTC.ClockRate.N(frame))

// silence is 20 ms of nothing in Opus (full band, CELT), for when nobody has
// given us sound: Meta ends calls in which no packet comes.
var silence = []byte{0xF8, 0xFF, 0xFE}

// patience is how long our own sound may be late before silence fills in.
const patience = 3

// WritePacket sends one frame, or lets it go while the gate is shut.
func (p *Peer) WritePacket(payload []byte, samples uint32, marker bool) error {
	if p.closed() {
		return io.EOF
	}
	if !p.open.Load() {
		p.track.skip(samples)
		return nil
	}
	p.lastSent.Store(int64(time.Since(p.began)))
	sent, err := p.track.speech(payload, samples, marker)
	p.note(sent, len(payload))
	return err
}

func (p *Peer) note(sent bool, size int) {
	if sent {
		p.count.sent(size)
	}
}

// beat fills every gap in our sound with silence, from the first moment.
func (p *Peer) beat() {
	tick := time.NewTicker(frame)
	defer tick.Stop()
	first := true
	for {
		if first || p.late() {
			sent, _ := p.track.frame(silence, samples, first) // a path that is gone says so through its state
			p.note(sent, len(silence))
			first = false
		}
		select {
		case <-tick.C:
		case <-p.done:
			return
		}
	}
}

// late reports whether our own sound has stopped.
func (p *Peer) late() bool { return p.since(&p.lastSent) > patience*frame }
