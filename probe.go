package main

import (
	"math"
	"sync"
	"time"

	"tring/audio"
)

// The probe's voice: short bursts of one tone, far enough apart that an echo
// is heard alone.
const (
	probeHz     = 880.0
	probePeak   = 0.25
	burstEvery  = 800 * time.Millisecond
	burstLength = 240 * time.Millisecond
	// loud is where a burst begins to count as heard, in dBFS.
	loud = -45.0
)

// probe is a sound device without hardware that measures: it speaks bursts of
// a tone and listens for them. It stands in where a machine has no sound card,
// and tells the story of `tring demo` what really came back.
type probe struct {
	mute   bool // it only listens
	mu     sync.Mutex
	start  time.Time
	read   int // microphone samples handed out
	phase  float64
	heard  hearing
	closed chan struct{}
	once   sync.Once
}

// Hearing is what a probe heard since it was reset.
type Hearing struct {
	Hz        float64       // of what was loud enough to count
	Level     float64       // of it, dBFS RMS
	RoundTrip time.Duration // from a burst's start to its return, the median
	Bursts    int           // how many came back
	Heard     time.Duration // how much was loud enough to count
}

func newProbe() *probe { return &probe{start: time.Now(), closed: make(chan struct{})} }

// newSilence is a probe that says nothing: calls without sound.
func newSilence() *probe {
	p := newProbe()
	p.mute = true
	return p
}

// Read waits for the clock and then speaks.
func (p *probe) Read(pcm []int16) (int, error) {
	p.mu.Lock()
	p.read += len(pcm)
	due := p.start.Add(audio.DeviceRate.D(p.read))
	p.mu.Unlock()
	select {
	case <-p.closed:
		return 0, audio.ErrDeviceLost
	case <-time.After(time.Until(due)):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.speak(pcm)
	return len(pcm), nil
}

// speak fills pcm with the bursts that belong to its place in time.
func (p *probe) speak(pcm []int16) {
	if p.mute {
		clear(pcm)
		return
	}
	first := p.read - len(pcm)
	every, length := audio.DeviceRate.N(burstEvery), audio.DeviceRate.N(burstLength)
	for i := range pcm {
		at := (first + i) % every
		if at == 0 {
			p.heard.spoke(audio.DeviceRate.D(first + i))
		}
		pcm[i] = 0
		if at < length {
			pcm[i] = int16(probePeak * math.MaxInt16 * fade(at, length) * math.Sin(p.phase))
		}
		p.phase = math.Mod(p.phase+2*math.Pi*probeHz/float64(audio.DeviceRate), 2*math.Pi)
	}
}

// fade ramps the ends of a burst over five milliseconds, so that nothing clicks.
func fade(at, length int) float64 {
	ramp := audio.DeviceRate.N(5 * time.Millisecond)
	return min(1, float64(min(at, length-at))/float64(ramp))
}

// Write listens. What is written plays at once: there is no speaker to wait for.
func (p *probe) Write(pcm []int16) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard.listen(time.Since(p.start), pcm)
	return len(pcm), nil
}

// Queued is zero: everything has been heard.
func (p *probe) Queued() int { return 0 }

func (p *probe) Info() audio.DeviceInfo {
	return audio.DeviceInfo{Input: p.voice(), Output: "no speaker", HostAPI: "none"}
}

func (p *probe) voice() string {
	if p.mute {
		return "silence"
	}
	return "generated voice"
}

func (p *probe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// reset forgets what was heard.
func (p *probe) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = hearing{}
}

// Heard is what came back since the last reset.
func (p *probe) Heard() Hearing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.result()
}
