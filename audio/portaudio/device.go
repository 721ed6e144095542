package portaudio

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tring/audio"
)

// Config says what to open.
type Config struct {
	// Microphone and Speaker are names or parts of names, as people know them;
	// empty or "default" follows the system's default.
	Microphone, Speaker string
	// SpeakerOnly opens no microphone: Read gives silence on time. It is for
	// the device that rings.
	SpeakerOnly bool
	// MicrophoneOnly opens no speaker: Write throws away. It is for looking at
	// a microphone's level.
	MicrophoneOnly bool
	// Wait opens a Device even when there is no port yet: it gives silence
	// until one is plugged in.
	Wait bool
	// Report, if set, is told when a port is lost and what took its place. It
	// must neither wait nor call the System or the Device.
	Report func(Report)
}

// Device is a microphone and a speaker. It implements audio.Device and outlives
// its hardware: when a stream dies, Read gives silence on time and Write throws
// away until the port, or the next best, is open. Read returns
// audio.ErrDeviceLost only after Close.
type Device struct {
	system *System
	report func(Report)
	ends   []*end // those to keep open
	mic    end
	spk    end
	beat   beat // Read's
	info   atomic.Pointer[audio.DeviceInfo]

	closed  atomic.Bool
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// Open opens the microphone and the speaker that c wishes, or the next best.
// It fails with ErrNoSound when there is neither, unless c waits; with only one
// of the two it reports the other as missing and goes on.
func (s *System) Open(c Config) (*Device, error) {
	d := &Device{system: s, report: c.Report}
	d.mic.kind, d.mic.wish = Microphone, wished(c.Microphone)
	d.spk.kind, d.spk.wish = Speaker, wished(c.Speaker)
	if d.report == nil {
		d.report = func(Report) {}
	}
	if !c.MicrophoneOnly {
		d.ends = append(d.ends, &d.spk)
	}
	if !c.SpeakerOnly {
		d.ends = append(d.ends, &d.mic)
	}
	if err := s.openDevice(d, c.Wait); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	d.stopped.Go(func() { d.watch(ctx) })
	return d, nil
}

// wished is a wish without the word that means none.
func wished(name string) string {
	if name == "default" {
		return ""
	}
	return name
}

func (s *System) openDevice(d *Device, wait bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ports) == 0 && !wait {
		return s.silence()
	}
	hurry() // before the threads of the streams are made
	var opened int
	for _, e := range d.ends {
		err := s.reopen(e, ID{})
		d.note(e, err)
		if err == nil {
			opened++
		}
	}
	if opened == 0 && !wait {
		s.rest()
		return ErrNoSound
	}
	s.devices = append(s.devices, d)
	return nil
}

// reopen gives e the first candidate that opens, trying the port avoid last;
// needs System.mu.
func (s *System) reopen(e *end, avoid ID) error {
	err := s.silence()
	for _, p := range candidates(s.ports, e.kind, e.wish, avoid) {
		h, openErr := s.open(p, e.wish)
		if openErr == nil {
			e.attach(h, p)
			return nil
		}
		s.log.Warn("portaudio: a port does not open", "port", p.ID.String(), "error", openErr)
		err = openErr
	}
	return err
}

// Read waits until p is filled from the microphone. Samples that do not come
// in time are silence.
func (d *Device) Read(p []int16) (int, error) {
	if d.closed.Load() {
		return 0, audio.ErrDeviceLost
	}
	deadline := d.beat.deadline(time.Now(), len(p))
	n, open := d.mic.read(p, d.beat.late, deadline)
	if !open {
		d.beat.failing = true
		time.Sleep(time.Until(deadline))
	}
	clear(p[n:])
	d.beat.done(time.Now(), n, len(p))
	return len(p), nil
}

// Write queues p for the speaker. It takes nothing while more than 60 ms wait
// already: the speaker never holds the microphone up, and never falls far
// behind it.
func (d *Device) Write(p []int16) (int, error) {
	if d.closed.Load() {
		return 0, audio.ErrDeviceLost
	}
	return d.spk.write(p), nil
}

// Queued is how many samples wait for the speaker.
func (d *Device) Queued() int { return d.spk.queued() }

// Info describes what is open now.
func (d *Device) Info() audio.DeviceInfo {
	now := *d.info.Load()
	now.Lost, now.Underruns = d.mic.losses(), d.spk.losses()
	return now
}

// describe renews what Info says; needs System.mu.
func (d *Device) describe() {
	info := &audio.DeviceInfo{}
	if d.mic.half.Load() != nil {
		info.Input, info.InputLatency, info.HostAPI = d.mic.port.Title, d.mic.in, d.mic.port.HostAPI
	}
	if d.spk.half.Load() != nil {
		info.Output, info.OutputLatency, info.HostAPI = d.spk.port.Title, d.spk.out, d.spk.port.HostAPI
	}
	d.info.Store(info)
}

// Close stops both streams and ends a Read under way. When the sound server
// hangs, the streams are closed later and Close says so.
func (d *Device) Close() error {
	d.closed.Store(true)
	return bounded(func() {
		d.stop()
		d.stopped.Wait()
		d.system.forget(d)
	})
}

func (s *System) forget(d *Device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.devices {
		if other == d {
			s.devices = append(s.devices[:i], s.devices[i+1:]...)
			break
		}
	}
	d.suspend()
	s.rest()
}

// rest hurries no more when no device is open; needs mu.
func (s *System) rest() {
	if len(s.devices) == 0 {
		ease()
	}
}

// suspend closes what is open; needs System.mu.
func (d *Device) suspend() {
	for _, e := range d.ends {
		e.detach()
	}
}

// resume opens the ends again after suspend; needs System.mu.
func (d *Device) resume() {
	for _, e := range d.ends {
		d.note(e, d.system.reopen(e, ID{}))
	}
}
