package audiotest

import (
	"math"
	"sync"
	"time"

	"tring/audio"
)

// memory bounds what a Device remembers of its speaker, and depth what waits
// for it.
const (
	memory = 10 * time.Second
	depth  = time.Second
)

// Device is a sound device without hardware: its microphone hears a Source and
// its speaker is remembered. Both run on the clock of package time, which a
// synctest bubble makes virtual.
type Device struct {
	mu     sync.Mutex
	mic    Source
	start  time.Time
	read   int // samples taken from the microphone
	played int // samples the speaker has consumed
	queue  []int16
	heard  []int16 // the last of what was played, at most memory
	dry    uint64
	late   int     // samples after which the microphone hears the speaker
	share  float64 // how much of it; 0: not at all
	flows  bool
	gone   chan struct{}
	once   sync.Once
}

// NewDevice starts a device whose microphone hears mic; nil is silence.
func NewDevice(mic Source) *Device {
	if mic == nil {
		mic = Quiet()
	}
	return &Device{mic: mic, start: time.Now(), gone: make(chan struct{})}
}

// Speak changes what the microphone hears from now on.
func (d *Device) Speak(mic Source) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mic = mic
}

// Read waits until the clock has reached the end of p.
func (d *Device) Read(p []int16) (int, error) {
	d.mu.Lock()
	d.read += len(p)
	due := d.start.Add(audio.DeviceRate.D(d.read))
	d.mu.Unlock()
	if !d.wait(time.Until(due)) {
		return 0, audio.ErrDeviceLost
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.play()
	d.mic(p)
	d.addEcho(p)
	return len(p), nil
}

// Couple lets the microphone hear the speaker, that much later and dB louder
// (so negative, as a rule).
func (d *Device) Couple(late time.Duration, dB float64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.late, d.share = audio.DeviceRate.N(late), math.Pow(10, dB/20)
}

// addEcho adds to the latest frame what the speaker played before; needs mu.
func (d *Device) addEcho(p []int16) {
	if d.share == 0 {
		return
	}
	first := d.read - len(p) - d.late - (d.played - len(d.heard)) // in heard
	for i := range p {
		if at := first + i; at >= 0 && at < len(d.heard) {
			p[i] = clip(float64(p[i]) + d.share*float64(d.heard[at]))
		}
	}
}

// wait sleeps, and says false when the device goes meanwhile.
func (d *Device) wait(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.gone:
		return false
	}
}

// Write queues p for the speaker.
func (d *Device) Write(p []int16) (int, error) {
	select {
	case <-d.gone:
		return 0, audio.ErrDeviceLost
	default:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.play()
	n := min(len(p), audio.DeviceRate.N(depth)-len(d.queue))
	d.queue = append(d.queue, p[:n]...)
	return n, nil
}

// play moves the speaker up to now; needs mu.
func (d *Device) play() {
	due := audio.DeviceRate.N(time.Since(d.start)) - d.played
	d.played += due
	n := min(due, len(d.queue))
	d.heard = append(d.heard, d.queue[:n]...)
	d.queue = append(d.queue[:0], d.queue[n:]...)
	if n < due {
		d.heard = append(d.heard, make([]int16, due-n)...)
		if d.flows {
			d.dry++
		}
	}
	if due > 0 {
		d.flows = n == due
	}
	if extra := len(d.heard) - audio.DeviceRate.N(memory); extra > 0 {
		d.heard = append(d.heard[:0], d.heard[extra:]...)
	}
}

// Queued is how many samples wait for the speaker.
func (d *Device) Queued() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.play()
	return len(d.queue)
}

// Heard is the last span of what the speaker played, silence included; shorter
// when it has not played that long, and at most ten seconds.
func (d *Device) Heard(span time.Duration) []int16 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.play()
	n := min(audio.DeviceRate.N(span), len(d.heard))
	return append([]int16(nil), d.heard[len(d.heard)-n:]...)
}

// Info names the device; it has no latency of its own.
func (d *Device) Info() audio.DeviceInfo {
	d.mu.Lock()
	defer d.mu.Unlock()
	return audio.DeviceInfo{Input: "generated voice", Output: "memory", HostAPI: "none", Underruns: d.dry}
}

// Unplug makes Read and Write fail with audio.ErrDeviceLost from now on.
func (d *Device) Unplug() { d.once.Do(func() { close(d.gone) }) }

// Close ends the device like Unplug.
func (d *Device) Close() error {
	d.Unplug()
	return nil
}
