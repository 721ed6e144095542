package portaudio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	pa "github.com/gordonklaus/portaudio"
)

// ErrNoSound says that the machine has no microphone or no speaker to open. A
// call without sound is still possible.
var ErrNoSound = errors.New("there is no sound device: plug one in, or start the sound server")

// System is PortAudio: initialised once when the program starts, never in a
// call, because that takes up to 0.2 s.
type System struct {
	log     *slog.Logger
	changed func([]Port)
	stop    context.CancelFunc
	running sync.WaitGroup

	// mu is held around every call into PortAudio, which is not made for two
	// threads; only the callbacks run without it.
	mu      sync.Mutex
	ports   []Port
	settled []Port                 // the ports that devices were moved for
	public  atomic.Pointer[[]Port] // ports for those who do not hold mu
	hints   chan struct{}          // the list may have changed
	devices []*Device
	broken  error // why PortAudio does not run; nil while it does
	closed  bool
}

// Options are what a System needs to know.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Changed, if set, is told the new list when devices came or went. It is
	// called from a goroutine of the System and must not wait.
	Changed func([]Port)
}

// Start initialises PortAudio, lists the ports and follows plugging and
// unplugging. Without any sound card, and where PortAudio does not run at all,
// it gives an empty list; Open then says why.
func Start(o Options) *System {
	s := &System{log: o.Log, changed: o.Changed, hints: make(chan struct{}, 1)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.public.Store(new([]Port))
	s.initialise()
	if err := s.list(); err != nil {
		s.log.Warn("portaudio: no list of devices", "error", err)
	}
	s.settled = s.ports
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.running.Go(func() { s.follow(ctx) })
	return s
}

// initialise starts PortAudio, or says in broken why not; needs mu.
func (s *System) initialise() {
	quiet()
	if s.broken = prepare(); s.broken == nil && serverHangs(context.Background()) {
		s.broken = errHangs
	}
	if s.broken == nil {
		if err := pa.Initialize(); err != nil {
			s.broken = fmt.Errorf("PortAudio did not start: %w", err)
		}
	}
	if s.broken != nil {
		s.log.Warn("portaudio: no sound", "error", s.broken)
	}
	quiet() // JACK's library is loaded only now
}

// terminate ends PortAudio if it runs; needs mu.
func (s *System) terminate() {
	if s.broken == nil {
		pa.Terminate()
	}
}

// silence is the error of a system without a port; needs mu.
func (s *System) silence() error {
	if s.broken != nil {
		return fmt.Errorf("%w (%v)", ErrNoSound, s.broken)
	}
	return ErrNoSound
}

// Close closes every device and PortAudio. Like Device.Close it does not wait
// for a sound server that hangs.
func (s *System) Close() error {
	s.stop()
	return bounded(func() {
		s.running.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, d := range s.devices {
			d.closed.Store(true)
			d.stop()
			d.suspend()
		}
		if !s.closed {
			s.closed = true
			s.terminate()
		}
	})
}

// closePatience bounds closing: a sound server that hangs keeps PortAudio
// waiting until it is killed, and nobody should wait with it.
const closePatience = time.Second

func bounded(work func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(closePatience):
		return errors.New("the sound server hangs: its streams are closed when it answers or ends")
	}
}

// Ports is the list as of the last refresh. It never waits.
func (s *System) Ports() []Port { return slices.Clone(*s.public.Load()) }

// InUse reports whether a device has the port open. It may wait for a device
// that is being opened.
func (s *System) InUse(p Port) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.devices, func(d *Device) bool {
		return slices.ContainsFunc(d.ends, func(e *end) bool {
			return e.kind == p.Kind && e.port.ID == p.ID && e.half.Load() != nil
		})
	})
}

// Refresh looks for plugged and unplugged devices and returns the new list.
// Under a sound server open streams run on; otherwise they pause for about
// 0.1 s, because PortAudio freezes its list when it is initialised.
func (s *System) Refresh() ([]Port, error) {
	if err := s.settle(); err != nil {
		return nil, err
	}
	return s.Ports(), nil
}

// refresh needs mu.
func (s *System) refresh() error {
	if s.closed {
		return errors.New("the sound system is closed")
	}
	if err := s.list(); err != nil {
		return err
	}
	if slices.ContainsFunc(s.ports, func(p Port) bool { return p.pulse }) {
		return nil
	}
	for _, d := range s.devices {
		d.suspend()
	}
	s.terminate()
	s.initialise()
	err := s.list()
	for _, d := range s.devices {
		d.resume()
	}
	return err
}

// list reads what PortAudio and the sound server offer. A server that hangs
// leaves the list as it is. Needs mu.
func (s *System) list() error {
	ports, err := s.found()
	if err != nil {
		return err
	}
	tellApart(ports)
	s.ports = ports
	s.public.Store(&ports)
	return nil
}

func (s *System) found() ([]Port, error) {
	if s.broken != nil {
		return nil, nil
	}
	devices, err := pa.Devices()
	if err != nil {
		s.log.Warn("portaudio: no list of devices", "error", err)
	}
	in, out := defaults()
	hardware := hardwarePorts(devices, in, out)
	carrier := carrier(devices)
	if carrier < 0 {
		return hardware, nil
	}
	server, err := pulsePorts(context.Background())
	switch {
	case errors.Is(err, errHangs):
		return nil, err
	case err != nil:
		s.log.Debug("portaudio: no sound server", "error", err)
		return hardware, nil
	}
	return merge(server, hardware, carrier), nil
}

// find returns PortAudio's device with this index; needs mu.
func (s *System) find(index int) (*pa.DeviceInfo, error) {
	devices, err := pa.Devices()
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(devices) {
		return nil, pa.InvalidDevice
	}
	return devices[index], nil
}

// open opens a port in the first format it takes; needs mu.
func (s *System) open(p Port, wish string) (*rated, error) {
	device, err := s.find(p.device)
	if err != nil {
		return nil, err
	}
	defer steer(p, wish)()
	channels := device.MaxInputChannels
	if p.Kind == Speaker {
		channels = device.MaxOutputChannels
	}
	for _, f := range formats(channels, device.DefaultSampleRate) {
		var h *half
		if h, err = openHalf(p.Kind == Microphone, device, f); err == nil {
			return newRated(h, f.rate, p.Kind)
		}
	}
	return nil, fmt.Errorf("the %s %q does not open: %w", p.Kind, p.Title, err)
}
