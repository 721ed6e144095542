package phone

import (
	"context"
	"fmt"
	"io"

	"tring/audio"
)

// callSound is the sound of one call. The session runs from the first moment,
// while it still rings, with the microphone muted: answering then costs no
// opening of anything.
type callSound struct {
	session   *audio.Session
	mixing    Tone         // what is mixed into our speaker, or noTone
	tone      audio.Reader // what is mixed in
	recording *audio.Recording
	wanted    bool // recording was asked for; the notice may still be playing
}

// desk is the one microphone and speaker, lent to the call in focus.
type desk struct {
	device  audio.Device
	owner   *live
	opening bool
	failed  bool // people know that no device could be opened
	stale   bool // the choice changed while it was being opened
	retry   *alarm
	ringer  *ringer
	gain    float64 // factor
	volume  float64 // factor
}

// refreshSound makes the sound of every call what its state says. It is called
// after every change and does nothing when nothing changed.
func (p *Phone) refreshSound() {
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

// deskOwner is the call that microphone and speaker belong to: the one in
// progress, else the one being placed, else the one that rings.
func (p *Phone) deskOwner() *live {
	if c := p.talking(); c != nil {
		return c
	}
	var rings *live
	for _, c := range p.calls {
		switch {
		case c.sound == nil || c.Listening:
		case c.State == Calling || c.State == Ringing:
			return c
		case c.State == Incoming && rings == nil:
			rings = c
		}
	}
	return rings
}

// startSound opens a call's session once its leg exists.
func (p *Phone) startSound(c *live) {
	if c.sound != nil || c.leg == nil || c.State == Idle {
		return
	}
	stream := c.leg.Stream()
	if stream == nil {
		return
	}
	enc, dec, err := p.cfg.Sound.Codecs(stream.Codec())
	if err != nil {
		p.notice(c.Line, "This call has no sound: "+err.Error())
		return
	}
	config := audio.SessionConfig{
		Stream: stream, Encoder: enc, Decoder: dec, Muted: true,
		HoldTone:   p.tone(ToneHold, c),
		DeviceLost: func(err error) { p.told.push(told{c.line, deviceLost{err}}) },
	}
	p.improve(&config)
	session, err := audio.NewSession(config)
	if err != nil {
		p.notice(c.Line, "This call has no sound: "+err.Error())
		return
	}
	c.sound = &callSound{session: session, mixing: noTone}
	session.SetGain(decibels(p.desk.gain))
	session.SetVolume(decibels(p.desk.volume))
	p.task(c.ctx, func(ctx context.Context) func() {
		err := session.Run(ctx)
		if closer, ok := config.Processor.(io.Closer); ok {
			closer.Close()
		}
		if err == nil || ctx.Err() != nil {
			return nil
		}
		return func() { p.notice(c.Line, "The sound of the call stopped: "+err.Error()) }
	})
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

// deviceLost is the audio thread's news that a device went away.
type deviceLost struct{ err error }

func (deviceLost) lineEvent() {}

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

// lend gives microphone and speaker to a call, opening them for the first one
// and closing them after the last.
func (p *Phone) lend(to *live) {
	d := &p.desk
	if d.owner != to {
		if d.owner != nil && d.owner.sound != nil {
			d.owner.sound.session.SetDevice(nil)
		}
		d.owner = to
		if to != nil && d.device != nil {
			to.sound.session.SetDevice(d.device)
		}
	}
	switch {
	case to != nil && d.device == nil:
		p.openDesk()
	case to == nil && len(p.calls) == 0:
		p.closeDesk()
	}
}

// openDesk opens the chosen devices away from the loop: it may take a second.
func (p *Phone) openDesk() {
	d, open := &p.desk, p.cfg.Sound.Open
	if d.opening || open == nil || d.retry != nil {
		return
	}
	d.opening, d.stale = true, false
	choice := p.choice
	p.task(p.ctx, func(context.Context) func() {
		device, err := open(choice)
		return func() { p.deskOpened(device, err) }
	})
}

func (p *Phone) deskOpened(device audio.Device, err error) {
	d := &p.desk
	d.opening = false
	switch {
	case err != nil:
		p.deskFailed(err)
	case d.stale || d.owner == nil || d.device != nil:
		p.closeDevice(device)
		p.refreshSound()
	default:
		d.device, d.failed = device, false
		d.owner.sound.session.SetDevice(device)
		p.emit(Event{Kind: EventDevices, What: "opened"})
	}
}

func (p *Phone) closeDesk() {
	d := &p.desk
	p.alarms.cancel(d.retry)
	d.retry, d.stale = nil, true
	if d.device != nil {
		p.closeDevice(d.device)
		d.device = nil
	}
}

// closeDevice closes away from the loop: drivers may take their time.
func (p *Phone) closeDevice(device audio.Device) {
	p.task(p.ctx, func(context.Context) func() {
		if err := device.Close(); err != nil {
			return func() { p.log.Warn("a sound device did not close", "err", err) }
		}
		return nil
	})
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
		p.desk.owner = nil
	}
}

// afterEnd is what follows from the end of a call for the others.
func (p *Phone) afterEnd() {
	p.refreshSound()
	if len(p.calls) == 0 && p.cfg.Sound.Codecs != nil {
		p.closeDesk()
	}
}

// Levels is how loud a call is right now. It is cheap and may be asked at any
// rate.
func (p *Phone) Levels(id string) Levels {
	s := p.board.Load().sounds[id]
	if s == nil {
		return Levels{Mic: Silence, MicPeak: Silence, Peer: Silence, PeerPeak: Silence, Muted: true}
	}
	return levelsOf(s.session.Stats())
}

// Quality is how good a call sounds right now.
func (p *Phone) Quality(id string) Quality {
	s := p.board.Load().sounds[id]
	if s == nil {
		return Quality{}
	}
	return qualityOf(s.session.Stats())
}

// clippingAt is the peak in dBFS from which a microphone is called too loud.
const clippingAt = -0.5

func levelsOf(s audio.Stats) Levels {
	return Levels{
		Mic: s.Microphone.RMS, MicPeak: s.Microphone.Peak,
		Peer: s.Speaker.RMS, PeerPeak: s.Speaker.Peak,
		Muted: s.Muted, Clipping: s.Microphone.Peak >= clippingAt,
	}
}

func qualityOf(s audio.Stats) Quality {
	q := Quality{
		MOS: s.MOS, Loss: s.Jitter.Loss, RemoteLoss: s.Network.RemoteLoss, Concealed: s.Jitter.ConcealedShare,
		Jitter: s.Network.Jitter, RTT: s.Network.RTT, Buffer: s.Jitter.Delay,
		Sent: s.Network.Sent, Received: s.Network.Received,
		Path: s.Network.Path, Encrypted: s.Network.Encrypted,
	}
	if s.Codec.Name != "" {
		q.Codec = fmt.Sprintf("%s %d kHz %d ms", s.Codec.Name, s.Codec.Rate/1000, s.Codec.Frame.Milliseconds())
	}
	return q
}
