package phone

import (
	"context"
	"time"

	"tring/audio"
)

// speakTime is how long a person speaks in an echo test, and testTime how long
// all of it takes.
const (
	speakTime = 4 * time.Second
	testTime  = 3*time.Second + 2*speakTime
)

// EchoTest plays and records on the chosen devices: it measures how long sound
// takes from speaker to microphone, and plays back what is said. The channel
// closes when done; a call that comes in ends the test.
func (p *Phone) EchoTest(ctx context.Context) (<-chan EchoTest, error) {
	return ask(ctx, p, func(reply func(<-chan EchoTest, error)) {
		switch {
		case p.cfg.Sound.Open == nil, p.soundless():
			reply(nil, ErrNoSound)
			return
		case len(p.calls) > 0:
			reply(nil, ErrBusy)
			return
		case p.stopTest != nil || p.player != nil:
			reply(nil, ErrInUse)
			return
		}
		steps := make(chan EchoTest, 8)
		ctx, cancel := p.joined(ctx)
		p.stopTest = cancel
		sound, choice := p.cfg.Sound, p.choice
		p.task(ctx, func(ctx context.Context) func() {
			sound.testEcho(ctx, choice, steps)
			cancel()
			return func() { p.stopTest = nil }
		})
		reply(steps, nil)
	})
}

// testEcho runs the test on a device and tells how it goes.
func (s Sound) testEcho(ctx context.Context, choice SoundChoice, steps chan<- EchoTest) {
	defer close(steps)
	device, err := s.Open(choice)
	if err != nil {
		tellStep(ctx, steps, EchoTest{Done: true, Err: err})
		return
	}
	defer device.Close()
	progress := echoProgress{steps: steps, ends: time.Now().Add(testTime)}
	result, err := audio.EchoTest(ctx, device, audio.EchoTestConfig{Speak: speakTime, Step: progress.step, Level: progress.level})
	if err == nil && s.Tested != nil {
		s.Tested(result)
	}
	if ctx.Err() == nil {
		tellStep(ctx, steps, EchoTest{Step: audio.EchoDone.String(), Delay: result.Delay, Done: true, Verdict: result.Verdict(), Err: err})
	}
}

func tellStep(ctx context.Context, steps chan<- EchoTest, s EchoTest) {
	select {
	case steps <- s:
	case <-ctx.Done():
	}
}

// echoProgress tells of a test under way. The test has a clock to keep: what
// nobody takes in time is not told.
type echoProgress struct {
	steps chan<- EchoTest
	ends  time.Time
	name  string
}

func (p *echoProgress) step(s audio.EchoStep) {
	p.name = s.String()
	p.level(Silence)
}

func (p *echoProgress) level(dB float64) {
	select {
	case p.steps <- EchoTest{Step: p.name, Left: max(0, time.Until(p.ends)), Levels: Levels{Mic: dB, MicPeak: dB, Peer: Silence, PeerPeak: Silence}}:
	default:
	}
}
