package phone

import (
	"context"
	"io"
	"sync/atomic"

	"tring/audio"
)

// callSound is the sound of one call. The session runs from the first moment,
// while it still rings, with the microphone muted: answering then costs no
// opening of anything.
type callSound struct {
	session   *audio.Session
	advisor   adviser
	mixing    Tone         // what is mixed into our speaker, or noTone
	tone      audio.Reader // what is mixed in
	recording atomic.Pointer[audio.Recording]
	wanted    bool   // recording was asked for; the notice may still be playing
	file      string // what it goes to, empty for a name of ours
}

// refreshSound makes the sound of every call what its state says. It is called
// after every change and does nothing when nothing changed.
func (p *Phone) refreshSound() {
	p.refreshPlayer()
	if p.cfg.Sound.Codecs == nil {
		return
	}
	for _, c := range p.calls {
		p.startSound(c)
	}
	p.lend(p.deskOwner())
	for _, c := range p.calls {
		if s := c.sound; s != nil {
			s.session.SetMuted(!c.State.Answered() || c.Muted || c.Listening)
			s.session.SetHeld(c.Held)
			p.mix(c, p.toneIn(c))
		}
	}
	p.refreshRing()
}

// startSound opens a call's session once its leg exists. A call whose sound
// cannot be made goes on without.
func (p *Phone) startSound(c *live) {
	if c.sound != nil || c.soundless || c.leg == nil || c.State == Idle {
		return
	}
	stream := c.leg.Stream()
	if stream == nil {
		return
	}
	session, release, err := p.newSession(c, stream)
	if err != nil {
		c.soundless = true
		p.notice(c.Line, "This call has no sound: "+err.Error())
		return
	}
	c.sound = &callSound{session: session, mixing: noTone}
	session.SetGain(decibels(p.desk.gain))
	session.SetVolume(decibels(p.desk.volume))
	p.task(c.ctx, func(ctx context.Context) func() {
		defer release()
		if err := session.Run(ctx); err != nil && ctx.Err() == nil {
			return func() { p.notice(c.Line, "The sound of the call stopped: "+err.Error()) }
		}
		return nil
	})
}

// newSession makes the sound of a call; release is for when it is over.
func (p *Phone) newSession(c *live, stream audio.Stream) (session *audio.Session, release func(), err error) {
	enc, dec, err := p.cfg.Sound.Codecs(stream.Codec())
	if err != nil {
		return nil, nil, err
	}
	config := audio.SessionConfig{
		Stream: stream, Encoder: enc, Decoder: dec, Muted: true,
		HoldTone:   p.tone(ToneHold, c),
		DeviceLost: func(err error) { p.told.push(told{c.line, deviceLost{err}}) },
	}
	p.improve(&config)
	release = func() {
		if closer, ok := config.Processor.(io.Closer); ok {
			closer.Close()
		}
	}
	if session, err = audio.NewSession(config); err != nil {
		release()
	}
	return session, release, err
}

// improve adds the echo canceller; a call without one is better than none.
func (p *Phone) improve(config *audio.SessionConfig) {
	if p.cfg.Sound.Echo == nil {
		return
	}
	processor, err := p.cfg.Sound.Echo()
	if err != nil {
		p.notice("", "Echo is not cancelled in this call: "+err.Error())
		return
	}
	config.Processor = processor
}

// toneIn is what we hear in a call besides the other side.
func (p *Phone) toneIn(c *live) Tone {
	switch {
	case c != p.desk.owner:
		return noTone
	case c.State == Ringing && p.cfg.Ringback != "off":
		return ToneRingback
	case c.State.Answered() && p.somethingWaits():
		return ToneWaiting
	case c.State == Incoming && p.cfg.Sound.OpenRing == nil && !c.Silenced:
		return ringToneOf(c)
	}
	return noTone
}

func (p *Phone) somethingWaits() bool {
	for _, c := range p.ringing() {
		if !c.Silenced {
			return true
		}
	}
	return false
}

func (p *Phone) mix(c *live, t Tone) {
	if c.sound.mixing == t {
		return
	}
	s := c.sound
	s.mixing = t
	s.session.Mix(nil)
	closeReader(s.tone)
	s.tone = nil
	if t != noTone {
		s.tone = p.tone(t, c)
		s.session.Mix(s.tone)
	}
}

// hushCall ends the sound of a call that is about to end, and keeps what was
// measured.
func (p *Phone) hushCall(c *live) {
	if c.sound == nil {
		return
	}
	c.Quality = qualityOf(c.sound.session.Stats())
	p.stopRecording(c)
	p.mix(c, noTone)
	if p.desk.owner == c {
		c.sound.session.SetDevice(nil)
		p.desk.owner, p.desk.last = nil, farewellTone(c)
	}
}
