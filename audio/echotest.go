package audio

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"
)

// EchoStep is where an echo test stands, for the screen.
type EchoStep int

// The steps, in order.
const (
	EchoQuiet    EchoStep = iota // "please be quiet": the room's noise is measured
	EchoChirps                   // the speaker sings, the microphone listens
	EchoSpeak                    // "please say something"
	EchoPlayback                 // what was said is played
	EchoDone
)

func (s EchoStep) String() string {
	return [...]string{
		"Please be quiet for a moment.", "Listening to the loudspeaker…", "Please say something.",
		"This is how you sound.", "Done.",
	}[s]
}

// EchoTestConfig is how an echo test goes.
type EchoTestConfig struct {
	Speak time.Duration // how long the person speaks; 0: no voice, calibration only
	// Step, if set, is told when a step begins. It must not wait.
	Step func(EchoStep)
	// Level, if set, is told the microphone's level in dBFS, ten times a second.
	Level func(float64)
}

// EchoResult is what an echo test found. It is kept until devices change.
type EchoResult struct {
	When      time.Time     `json:"when"`
	Input     string        `json:"input"`
	Output    string        `json:"output"`
	Echo      bool          `json:"echo"`      // the microphone hears the speaker
	Delay     time.Duration `json:"delay"`     // from Write to Read, through the air
	Loss      float64       `json:"loss"`      // dB by which the echo is quieter than what was played
	Noise     float64       `json:"noise"`     // dBFS
	Voice     float64       `json:"voice"`     // dBFS, while speaking; Silence without that step
	Peak      float64       `json:"peak"`      // dBFS
	Underruns uint64        `json:"underruns"` // during the test
}

const (
	quietTime  = time.Second
	chirpTime  = 100 * time.Millisecond
	chirpEvery = 700 * time.Millisecond
	chirps     = 3
	chirpLevel = -12.0 // dBFS
	// chirpFrom and chirpTo are within what every loudspeaker and headset plays.
	chirpFrom, chirpTo = 500.0, 3500.0 // Hz
	// distinct is how far the correlation's peak stands out, in multiples of
	// its mean, when the chirp was heard.
	distinct = 8.0
	// agreed is how far two chirps' delays may be apart: on a busy computer the
	// speaker slips by a period now and then.
	agreed = 12 * time.Millisecond
)

// EchoTest plays three chirps and listens for them, and lets the person hear
// themselves. It takes 3 s and twice the time to speak.
func EchoTest(ctx context.Context, d Device, c EchoTestConfig) (EchoResult, error) {
	t := &echoTest{ctx: ctx, device: d, config: c, frame: make([]int16, DeviceRate.N(Period)), out: make([]int16, DeviceRate.N(Period))}
	info := d.Info()
	t.result = EchoResult{When: time.Now(), Input: info.Input, Output: info.Output, Voice: Silence, Noise: Silence, Peak: Silence}
	for _, step := range []func() error{t.listenToNoise, t.chirp, t.speak} {
		if err := step(); err != nil {
			return t.result, err
		}
	}
	t.result.Underruns = d.Info().Underruns - info.Underruns
	t.step(EchoDone)
	return t.result, nil
}

// echoTest is a test under way.
type echoTest struct {
	ctx        context.Context
	device     Device
	config     EchoTestConfig
	result     EchoResult
	frame, out []int16
	told       int // periods since the level was told
}

func (t *echoTest) step(s EchoStep) {
	if t.config.Step != nil {
		t.config.Step(s)
	}
}

// exchange runs the device for as long as play, or for span, and returns what
// the microphone heard meanwhile.
func (t *echoTest) exchange(play []int16, span time.Duration) (heard []int16, err error) {
	total := max(len(play), DeviceRate.N(span))
	for len(heard) < total {
		if err := context.Cause(t.ctx); err != nil {
			return nil, err
		}
		clear(t.out)
		play = play[copy(t.out, play):]
		if _, err := t.device.Write(t.out); err != nil {
			return nil, err
		}
		if _, err := t.device.Read(t.frame); err != nil {
			return nil, err
		}
		heard = append(heard, t.frame...)
		t.tellLevel()
	}
	return heard, nil
}

func (t *echoTest) tellLevel() {
	if t.told++; t.config.Level != nil && t.told%10 == 0 {
		t.config.Level(loudness(t.frame))
	}
}

func (t *echoTest) listenToNoise() error {
	t.step(EchoQuiet)
	heard, err := t.exchange(nil, quietTime)
	if err != nil {
		return err
	}
	t.result.Noise = loudness(heard[len(heard)/2:]) // a microphone that opens may pop
	return nil
}

// chirp measures delay and loss by three chirps; two must agree.
func (t *echoTest) chirp() error {
	t.step(EchoChirps)
	sweep := sweep()
	var found []echoFound
	for range chirps {
		heard, err := t.exchange(sweep, chirpEvery)
		if err != nil {
			return err
		}
		if f, ok := findSweep(sweep, heard); ok {
			found = append(found, f)
		}
	}
	for i := 1; i < len(found); i++ {
		if d := found[i].delay - found[i-1].delay; d.Abs() < agreed {
			t.result.Echo, t.result.Delay, t.result.Loss = true, found[i].delay, found[i].loss
		}
	}
	return nil
}

func (t *echoTest) speak() error {
	if t.config.Speak == 0 {
		return nil
	}
	t.step(EchoSpeak)
	said, err := t.exchange(nil, t.config.Speak)
	if err != nil {
		return err
	}
	t.result.Voice, t.result.Peak = loudness(said), peak(said)
	t.step(EchoPlayback)
	_, err = t.exchange(said, 0)
	return err
}

// sweep is a sine that rises from chirpFrom to chirpTo, softly begun and ended.
func sweep() []int16 {
	pcm := make([]int16, DeviceRate.N(chirpTime))
	amplitude, phase := 32767*math.Pow(10, chirpLevel/20), 0.0
	for i := range pcm {
		part := float64(i) / float64(len(pcm))
		phase += 2 * math.Pi * (chirpFrom + (chirpTo-chirpFrom)*part) / float64(DeviceRate)
		pcm[i] = int16(amplitude * math.Sin(math.Pi*part) * math.Sin(phase))
	}
	return pcm
}

// echoFound is one chirp heard again.
type echoFound struct {
	delay time.Duration
	loss  float64
}

// thin is how many samples are taken for one in the search: 12 kHz are enough
// for the chirp and find it to a twelfth of a millisecond.
const thin = 4

// findSweep looks for the sweep in what was heard since it began to be played.
func findSweep(sweep, heard []int16) (echoFound, bool) {
	a, b := thinned(sweep), thinned(heard)
	own := 0.0
	for _, v := range a {
		own += v * v
	}
	best, at, sum := 0.0, 0, 0.0
	lags := len(b) - len(a)
	for lag := range lags {
		c := 0.0
		for i, v := range a {
			c += v * b[lag+i]
		}
		sum += c * c
		if math.Abs(c) > best { // some devices turn the sound upside down
			best, at = math.Abs(c), lag
		}
	}
	if best == 0 || best < distinct*math.Sqrt(sum/float64(lags)) {
		return echoFound{}, false
	}
	return echoFound{delay: DeviceRate.D(at * thin), loss: -20 * math.Log10(best/own)}, true
}

func thinned(pcm []int16) []float64 {
	out := make([]float64, len(pcm)/thin)
	for i := range out {
		for _, s := range pcm[i*thin : i*thin+thin] {
			out[i] += float64(s)
		}
	}
	return out
}

// loudness is the RMS in dBFS.
func loudness(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return decibels(math.Sqrt(sum/float64(max(len(pcm), 1))) / 32768)
}

func peak(pcm []int16) float64 {
	top := 0
	for _, s := range pcm {
		top = max(top, int(s), -int(s))
	}
	return decibels(float64(top) / 32768)
}

// Verdict is the result in sentences: what is well, and what to do about the
// rest.
func (r EchoResult) Verdict() string {
	var says []string
	switch {
	case r.Noise <= Silence && r.Voice <= Silence && !r.Echo:
		says = append(says, "Your microphone gives silence: is it muted in the system, or forbidden to this program?")
	case r.Noise > -45:
		says = append(says, fmt.Sprintf("There is noise of %.0f dBFS: keep noise suppression on.", r.Noise))
	default:
		says = append(says, fmt.Sprintf("The room is quiet (%.0f dBFS).", r.Noise))
	}
	switch {
	case r.Echo && r.Loss < 40:
		says = append(says, fmt.Sprintf("Your microphone hears your speaker %d ms later and %.0f dB quieter: keep echo cancelling on, or use headphones.", r.Delay.Milliseconds(), r.Loss))
	default:
		says = append(says, "Your microphone does not hear your speaker: no echo.")
	}
	switch {
	case r.Voice <= Silence: // not part of the test, or said already
	case r.Peak >= clipLevel:
		says = append(says, "Your voice distorts: lower the microphone's gain.")
	case r.Voice < voiceLevel:
		says = append(says, fmt.Sprintf("Your voice is quiet (%.0f dBFS): raise the microphone's gain.", r.Voice))
	default:
		says = append(says, fmt.Sprintf("Your voice is well heard (%.0f dBFS).", r.Voice))
	}
	if r.Underruns > 0 {
		says = append(says, fmt.Sprintf("The speaker ran dry %d times: the computer is too busy.", r.Underruns))
	}
	return strings.Join(says, " ")
}
