package phone

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tring/audio"
)

// The steps of an echo test. With the pauses it takes ten seconds.
const (
	listenTime = 500 * time.Millisecond // how noisy the room is
	burstEvery = 600 * time.Millisecond // from one beep to the next
	burstTime  = 100 * time.Millisecond
	bursts     = 3
	speakTime  = 4 * time.Second
	testTime   = listenTime + bursts*burstEvery + 2*speakTime
)

// EchoTest plays and records on the chosen devices: it measures how long sound
// takes from speaker to microphone, and plays back what is said. The channel
// closes when done; a call that comes in ends the test.
func (p *Phone) EchoTest(ctx context.Context) (<-chan EchoTest, error) {
	return ask(ctx, p, func(reply func(<-chan EchoTest, error)) {
		switch {
		case p.cfg.Sound.Open == nil:
			reply(nil, ErrNoSound)
			return
		case len(p.calls) > 0 || p.stopTest != nil:
			reply(nil, ErrBusy)
			return
		}
		steps := make(chan EchoTest)
		ctx, cancel := p.joined(ctx)
		p.stopTest = cancel
		open, choice := p.cfg.Sound.Open, p.choice
		p.task(ctx, func(ctx context.Context) func() {
			testEcho(ctx, open, choice, steps)
			cancel()
			return func() { p.stopTest = nil }
		})
		reply(steps, nil)
	})
}

// testEcho runs the test on a device and tells how it goes.
func testEcho(ctx context.Context, open func(SoundChoice) (audio.Device, error), choice SoundChoice, steps chan<- EchoTest) {
	defer close(steps)
	device, err := open(choice)
	if err != nil {
		tellStep(ctx, steps, EchoTest{Done: true, Err: err})
		return
	}
	defer device.Close()
	t := &echoTest{ctx: ctx, device: device, steps: steps, left: testTime, frame: make([]int16, audio.DeviceRate.N(audio.Period))}
	t.mic.Source = device
	err = t.run()
	if ctx.Err() == nil {
		tellStep(ctx, steps, EchoTest{Step: "Done.", Delay: t.delay, Done: true, Verdict: t.verdict(), Err: err})
	}
}

func tellStep(ctx context.Context, steps chan<- EchoTest, s EchoTest) {
	select {
	case steps <- s:
	case <-ctx.Done():
	}
}

// echoTest is a test under way. The microphone's clock paces it.
type echoTest struct {
	ctx    context.Context
	device audio.Device
	mic    audio.Meter
	steps  chan<- EchoTest
	frame  []int16
	left   time.Duration
	delay  time.Duration // 0: the speaker was not heard
	spoken Levels        // the loudest of what was said
}

func (t *echoTest) run() error {
	if err := t.measure(); err != nil {
		return err
	}
	said, err := t.record()
	if err != nil {
		return err
	}
	return t.replay(said)
}

// period hears one period, hands it to heard, and plays what that left in the
// frame.
func (t *echoTest) period(step string, heard func(frame []int16)) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	if _, err := t.mic.Read(t.frame); err != nil {
		return err
	}
	heard(t.frame)
	if _, err := t.device.Write(t.frame); err != nil {
		return err
	}
	t.left -= audio.Period
	if t.left%(100*time.Millisecond) == 0 { // ten times a second is enough for a screen
		l := t.mic.Level()
		tellStep(t.ctx, t.steps, EchoTest{Step: step, Left: t.left, Delay: t.delay, Levels: Levels{
			Mic: l.RMS, MicPeak: l.Peak, Peer: Silence, PeerPeak: Silence, Clipping: l.Peak >= clippingAt,
		}})
	}
	return nil
}

// during runs a step for its time.
func (t *echoTest) during(d time.Duration, step string, heard func(i int, frame []int16)) error {
	for i := range int(d / audio.Period) {
		if err := t.period(step, func(frame []int16) { heard(i, frame) }); err != nil {
			return err
		}
	}
	return nil
}

// burst is what is played to be heard again.
var burst = audio.Cadence{Notes: []audio.Note{{Hz: [2]float64{burstHz}, For: burstTime}}}

const burstHz = 1000.0

// measure plays beeps and looks for them in the microphone.
func (t *echoTest) measure() error {
	const step = "Three beeps: measuring the way from speaker to microphone."
	floor := 0.0
	err := t.during(listenTime, step, func(_ int, frame []int16) {
		floor = max(floor, toneLevel(frame))
		clear(frame)
	})
	if err != nil {
		return err
	}
	var delays []time.Duration
	for range bursts {
		beep, found := audio.NewTone(burst), false
		err := t.during(burstEvery, step, func(i int, frame []int16) {
			// Four times the room and a thousandth of full scale: a beep, not a breath.
			if !found && toneLevel(frame) > max(4*floor, 0.001) {
				found = true
				delays = append(delays, time.Duration(i)*audio.Period)
			}
			n, _ := beep.Read(frame)
			clear(frame[n:])
		})
		if err != nil {
			return err
		}
	}
	if len(delays) > bursts/2 {
		slices.Sort(delays)
		t.delay = delays[len(delays)/2]
	}
	return nil
}

// record keeps what is said.
func (t *echoTest) record() ([]int16, error) {
	var said []int16
	t.spoken = Levels{Mic: Silence, MicPeak: Silence}
	err := t.during(speakTime, "Say something.", func(_ int, frame []int16) {
		said = append(said, frame...)
		l := t.mic.Level()
		t.spoken.Mic, t.spoken.MicPeak = max(t.spoken.Mic, l.RMS), max(t.spoken.MicPeak, l.Peak)
		clear(frame)
	})
	return said, err
}

func (t *echoTest) replay(said []int16) error {
	return t.during(speakTime, "This is how others hear you.", func(i int, frame []int16) {
		copy(frame, said[i*len(frame):])
	})
}

// The levels in dBFS below which a microphone gives nothing, or too little.
const (
	nothingSaid = -65.0
	littleSaid  = -40.0
)

// verdict is what the test found, for people.
func (t *echoTest) verdict() string {
	var mic string
	switch {
	case t.spoken.MicPeak < nothingSaid:
		mic = "The microphone gave nothing: is it muted in the system, or is another one chosen?"
	case t.spoken.MicPeak >= clippingAt:
		mic = "The microphone is too loud: turn it down."
	case t.spoken.MicPeak < littleSaid:
		mic = "You are hard to hear: turn the microphone up or come nearer."
	default:
		mic = "Your microphone works."
	}
	if t.delay == 0 {
		return mic + " The beeps did not come back: you wear headphones, or the speaker is off."
	}
	return fmt.Sprintf("%s Sound takes %d ms from speaker to microphone; the echo canceller takes care of it.", mic, t.delay.Milliseconds())
}

// toneLevel is the amplitude of the beep in a frame, 0 … 1, by Goertzel's
// algorithm.
func toneLevel(frame []int16) float64 {
	coefficient := 2 * math.Cos(2*math.Pi*burstHz/float64(audio.DeviceRate))
	s1, s2 := 0.0, 0.0
	for _, v := range frame {
		s1, s2 = float64(v)/32768+coefficient*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - coefficient*s1*s2
	return 2 * math.Sqrt(max(0, power)) / float64(len(frame))
}
