package phone

import (
	"context"
	"fmt"
	"math"
	"time"

	"tring/audio"
)

// Devices are the sound devices, and which are chosen.
func (p *Phone) Devices(ctx context.Context) ([]SoundDevice, SoundChoice, error) {
	type answer struct {
		list   []SoundDevice
		choice SoundChoice
	}
	a, err := ask(ctx, p, func(reply func(answer, error)) {
		list := p.cfg.Sound.Devices
		if list == nil {
			reply(answer{}, ErrNoSound)
			return
		}
		choice := p.choice
		p.task(p.ctx, func(context.Context) func() {
			devices, err := list()
			return func() { reply(answer{devices, choice}, err) }
		})
	})
	return a.list, a.choice, err
}

// SelectDevice chooses a device, also in the middle of a call.
func (p *Phone) SelectDevice(ctx context.Context, role DeviceRole, name string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		switch role {
		case Microphone:
			p.choice.Input = name
		case Speaker:
			p.choice.Output = name
		case Ringer:
			p.choice.Ring = name
			p.restartRing()
		default:
			reply(fmt.Errorf("%q: say microphone, speaker or ringer", role))
			return
		}
		if role != Ringer {
			p.reopenDesk()
		}
		p.emit(Event{Kind: EventDevices, What: string(role)})
		reply(nil)
	})
}

func (p *Phone) restartRing() {
	if r := p.desk.ringer; r != nil {
		r.stop()
		p.desk.ringer = nil
		p.refreshSound()
	}
}

// reopenDesk changes devices: the old one is closed first, because many cards
// can be open only once; until the new one is there the call has silence.
func (p *Phone) reopenDesk() {
	d := &p.desk
	d.stale = true
	p.alarms.cancel(d.retry)
	d.retry = nil
	if d.device == nil {
		p.refreshSound()
		return
	}
	old := d.device
	d.device = nil
	if d.owner != nil && d.owner.sound != nil {
		d.owner.sound.session.SetDevice(nil)
	}
	p.dismiss(old, noTone)
}

// reopenAfter is how soon a lost device is looked for again.
const reopenAfter = time.Second

// lostDevice opens anew when a headset was pulled: the chosen one if it is back
// already, else the system's default, again and again while there is none.
func (p *Phone) lostDevice(err error) {
	p.notice("", "The sound device is gone ("+err.Error()+"); the call goes on with another one as soon as there is one.")
	p.reopenDesk()
	p.emit(Event{Kind: EventDevices, What: "lost"})
}

func (p *Phone) deskFailed(err error) {
	d := &p.desk
	if !d.failed {
		d.failed = true
		p.notice("", "No sound device could be opened: "+err.Error())
	}
	d.retry = p.after(reopenAfter, func() { d.retry = nil; p.refreshSound() })
}

// maxGain is the largest factor of both volumes: 12 dB.
const maxGain = 4.0

// decibels turns a factor into dB; nothing at all is as low as 16 bits go.
func decibels(factor float64) float64 {
	if factor <= 0 {
		return Silence
	}
	return max(20*math.Log10(factor), Silence)
}

// SetGain sets both volumes as factors: 1 is unchanged, 0 silent, at most 4.
func (p *Phone) SetGain(ctx context.Context, microphone, speaker float64) error {
	return tellTo(ctx, p, func(reply func(error)) {
		p.desk.gain = min(max(microphone, 0), maxGain)
		p.desk.volume = min(max(speaker, 0), maxGain)
		for _, c := range p.calls {
			if c.sound != nil {
				c.sound.session.SetGain(decibels(p.desk.gain))
				c.sound.session.SetVolume(decibels(p.desk.volume))
			}
		}
		if w := p.player; w != nil && w.sound.Load() != nil {
			w.sound.Load().gain.SetDB(decibels(p.desk.volume))
		}
		p.emit(Event{Kind: EventDevices, What: "volume"})
		reply(nil)
	})
}

// Gain are both volumes as factors.
func (p *Phone) Gain() (microphone, speaker float64) {
	b := p.board.Load()
	return b.gain, b.volume
}

// ringDevice opens the speaker that rings.
func (p *Phone) ringDevice() func(SoundChoice) (audio.Device, error) {
	if p.cfg.Sound.OpenRing != nil {
		return p.cfg.Sound.OpenRing
	}
	return p.cfg.Sound.Open
}

// testRingTime is how long a test of the ring lasts.
const testRingTime = 3 * time.Second

// TestRing rings for a moment on the chosen ringer.
func (p *Phone) TestRing(ctx context.Context) error {
	return tellTo(ctx, p, func(reply func(error)) {
		open, choice := p.ringDevice(), p.choice
		if open == nil {
			reply(ErrNoSound)
			return
		}
		p.task(p.ctx, func(ctx context.Context) func() {
			ctx, cancel := context.WithTimeout(ctx, testRingTime)
			defer cancel()
			err := playOn(ctx, open, choice, func() audio.Reader { return p.tone(ToneRing, nil) })
			return func() { reply(err) }
		})
	})
}
