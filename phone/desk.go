package phone

import (
	"context"
	"slices"

	"tring/audio"
)

// desk is the one microphone and speaker, lent to the call in focus.
type desk struct {
	device  audio.Device
	owner   *live
	opening bool
	closing int  // devices that are being closed
	failed  bool // people know that no device could be opened
	stale   bool // the choice changed while it was being opened
	retry   *alarm
	ringer  *ringer
	last    Tone    // to be heard when the desk is closed
	cut     func()  // ends the last tone
	gain    float64 // factor
	volume  float64 // factor
}

// deskOwner is the call that microphone and speaker belong to: the one in
// progress, else the one being placed, else the one that rings.
func (p *Phone) deskOwner() *live {
	if c := p.talking(); c != nil && c.sound != nil {
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
	case !p.deskWanted():
		p.closeDesk()
	}
}

// deskWanted reports whether any call may need a microphone: what the machine
// answers never does.
func (p *Phone) deskWanted() bool {
	return slices.ContainsFunc(p.calls, func(c *live) bool { return c.sound != nil && !c.Listening })
}

// soundless reports whether calls have no sound for want of a device.
func (p *Phone) soundless() bool { return p.cfg.Sound.Present != nil && !p.cfg.Sound.Present() }

// openDesk opens the chosen devices away from the loop: it may take a second.
func (p *Phone) openDesk() {
	d, open := &p.desk, p.cfg.Sound.Open
	if d.opening || d.closing > 0 || open == nil || d.retry != nil || p.player != nil {
		return
	}
	d.opening, d.stale = true, false
	choice := p.choice
	p.task(p.ctx, func(context.Context) func() {
		device, fallback, err := openOrDefault(open, choice)
		return func() {
			if fallback != nil {
				p.notice("", "The chosen sound device cannot be opened ("+fallback.Error()+"); the system's default is used.")
			}
			p.deskOpened(device, err)
		}
	})
}

// openOrDefault opens what was chosen or, when that is not there, what the
// system has; fallback says why.
func openOrDefault(open func(SoundChoice) (audio.Device, error), choice SoundChoice) (device audio.Device, fallback, err error) {
	device, err = open(choice)
	if err == nil || choice.Input == "" && choice.Output == "" {
		return device, nil, err
	}
	fallback = err
	device, err = open(SoundChoice{Ring: choice.Ring})
	if err != nil {
		return nil, nil, fallback // one sentence is enough
	}
	return device, fallback, nil
}

func (p *Phone) deskOpened(device audio.Device, err error) {
	d := &p.desk
	d.opening = false
	switch {
	case err != nil:
		p.deskFailed(err)
	case d.stale || d.owner == nil || d.device != nil:
		p.dismiss(device, noTone)
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
		p.dismiss(d.device, d.last)
		d.device = nil
	}
	d.last = noTone
}

// afterEnd is what follows from the end of a call for the others.
func (p *Phone) afterEnd() {
	p.refreshSound()
}

// deviceLost is the audio thread's news that a device went away.
type deviceLost struct{ err error }

func (deviceLost) lineEvent() {}
