package phone

import (
	"context"

	"tring/audio"
)

// ringer plays a ring tone on its own device until it is stopped.
type ringer struct {
	tone Tone
	stop context.CancelFunc
}

func ringToneOf(c *live) Tone {
	if c.Loud {
		return ToneLoud
	}
	return ToneRing
}

// wantedRing is the tone that the ringer should play now, or noTone. In a call
// the waiting tone takes its place, except for what must be noticed.
func (p *Phone) wantedRing() Tone {
	want := noTone
	for _, c := range p.ringing() {
		switch {
		case c.Silenced:
		case c.Loud:
			return ToneLoud
		case p.talking() == nil:
			want = ToneRing
		}
	}
	return want
}

// refreshRing starts and stops the ringer.
func (p *Phone) refreshRing() {
	if p.cfg.Sound.OpenRing == nil {
		return // it rings in the call's own speaker
	}
	want := p.wantedRing()
	if r := p.desk.ringer; r != nil {
		if r.tone == want {
			return
		}
		r.stop()
		p.desk.ringer = nil
	}
	if want == noTone || p.player != nil { // a recording still has the speaker; its end comes back here
		return
	}
	ctx, stop := context.WithCancel(p.ctx)
	r := &ringer{want, stop}
	p.desk.ringer = r
	p.playRing(ctx, want, func() {
		if p.desk.ringer == r {
			p.desk.ringer = nil
		}
	})
}

// playRing plays a tone on the ring device until ctx ends; a tone that ends by
// itself, such as a file, begins again.
func (p *Phone) playRing(ctx context.Context, tone Tone, then func()) {
	open, choice := p.ringDevice(), p.choice
	p.task(ctx, func(ctx context.Context) func() {
		err := playOn(ctx, open, choice, func() audio.Reader { return p.tone(tone, nil) })
		return func() {
			if err != nil {
				p.notice("", "The ring could not be played: "+err.Error())
			}
			then()
		}
	})
}

// playOn opens a device and plays, again and again, until ctx ends. The
// device's own clock paces it: Read waits for a period even when there is no
// microphone.
func playOn(ctx context.Context, open func(SoundChoice) (audio.Device, error), choice SoundChoice, tone func() audio.Reader) error {
	if ctx.Err() != nil {
		return nil
	}
	device, err := open(choice)
	if err != nil {
		return err
	}
	defer device.Close()
	for ctx.Err() == nil {
		if err := playOnce(ctx, device, tone()); err != nil {
			return err
		}
	}
	return nil
}

func playOnce(ctx context.Context, device audio.Device, tone audio.Reader) error {
	defer closeReader(tone)
	frame := make([]int16, audio.DeviceRate.N(audio.Period))
	beat := make([]int16, len(frame))
	for ctx.Err() == nil {
		n, end := tone.Read(frame)
		clear(frame[n:])
		if _, err := device.Write(frame); err != nil {
			return err
		}
		if _, err := device.Read(beat); err != nil {
			return err
		}
		if end != nil {
			break
		}
	}
	return nil
}
