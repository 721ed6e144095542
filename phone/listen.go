package phone

import (
	"context"
	"sync/atomic"
	"time"

	"tring/audio"
)

// Listen opens a microphone by its name, "" for the system's default, so that
// people see whether it hears them before they choose it. levels may be asked
// at any rate, also when it is over. Nothing of what is heard is kept or sent.
// The microphone is closed by stop, which may be called twice, and by the end
// of ctx or of the phone. It fails with ErrNoSound on a phone without sound.
func (p *Phone) Listen(ctx context.Context, input string) (levels func() Levels, stop func(), err error) {
	type answer struct {
		levels func() Levels
		stop   func()
	}
	a, err := ask(ctx, p, func(reply func(answer, error)) {
		open := p.microphoneDevice()
		if open == nil {
			reply(answer{}, ErrNoSound)
			return
		}
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			device, err := open(SoundChoice{Input: input})
			if err != nil {
				reply(answer{}, err)
				return nil
			}
			defer device.Close()
			e := newEar(device)
			reply(answer{e.levels, cancel}, nil)
			e.listen(ctx)
			return nil
		})
	})
	return a.levels, a.stop, err
}

// microphoneDevice opens a microphone to look at its level.
func (p *Phone) microphoneDevice() func(SoundChoice) (audio.Device, error) {
	if p.cfg.Sound.OpenMicrophone != nil {
		return p.cfg.Sound.OpenMicrophone
	}
	return p.cfg.Sound.Open
}

// ear measures a microphone that belongs to no call.
type ear struct {
	meter   audio.Meter
	advisor adviser
	deaf    atomic.Bool // nothing is heard any more
}

func newEar(d audio.Device) *ear { return &ear{meter: audio.Meter{Source: d}} }

func (e *ear) listen(ctx context.Context) {
	defer e.deaf.Store(true)
	frame := make([]int16, audio.DeviceRate.N(audio.Period))
	for ctx.Err() == nil {
		if _, err := e.meter.Read(frame); err != nil {
			return
		}
	}
}

func (e *ear) levels() Levels {
	nothing := audio.Level{RMS: Silence, Peak: Silence}
	stats := audio.Stats{Microphone: nothing, Speaker: nothing}
	if !e.deaf.Load() {
		stats.Microphone, stats.DeadMicrophone = e.meter.Level(), e.meter.Zeros()
	}
	l := levelsOf(stats)
	l.Advice = e.advisor.look(stats)
	return l
}

// speakerTest is three rising notes, and a rest in which the speaker plays what
// it still holds.
var speakerTest = audio.Cadence{Notes: []audio.Note{
	{Hz: [2]float64{523.25}, For: 300 * time.Millisecond},
	{Hz: [2]float64{659.26}, For: 300 * time.Millisecond},
	{Hz: [2]float64{783.99}, For: 500 * time.Millisecond},
	{For: 300 * time.Millisecond},
}}

// TestSpeaker plays three notes on a speaker by its name, "" for the system's
// default, and returns when they have been heard. It fails with ErrNoSound on a
// phone without sound.
func (p *Phone) TestSpeaker(ctx context.Context, output string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		open := p.ringDevice()
		if open == nil {
			reply(ErrNoSound)
			return
		}
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			device, err := open(SoundChoice{Output: output, Ring: output})
			if err != nil {
				return func() { reply(err) }
			}
			defer device.Close()
			err = playOnce(ctx, device, audio.NewTone(speakerTest))
			return func() { reply(err) }
		})
	})
}

// DevicesChanged says that sound devices came or went: whoever shows them asks
// for the new list.
func (p *Phone) DevicesChanged(ctx context.Context) error {
	return tellTo(ctx, p, func(reply func(error)) {
		p.emit(Event{Kind: EventDevices, What: "list"})
		reply(nil)
	})
}
