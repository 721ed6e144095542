package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// SessionConfig is what a session joins.
type SessionConfig struct {
	Device    Device // nil: no sound card; silence keeps the beat
	Stream    Stream
	Encoder   Encoder
	Decoder   Decoder
	Processor Processor // echo canceller; nil: none
	HoldTone  Reader    // what the other side hears on hold; nil: silence
	Muted     bool      // start muted
	// DeviceLost is told once per lost device, from the audio loop; it must
	// not block. Until SetDevice the session goes on with silence.
	DeviceLost func(error)
}

// Session is the sound of one established call: a device, a codec and a stream
// joined. The microphone's clock paces it: for every Period that is read, one
// Period is played and one is sent on. All methods may be called from any
// goroutine at any time.
type Session struct {
	config SessionConfig
	up     *uplink
	down   *downlink

	mu     sync.Mutex // guards the two below
	device Device
	lost   bool

	recording sync.Mutex // held while the recorder is called
	recorder  Recorder

	periods atomic.Int64 // that the loop has run
}

// NewSession joins the parts; nothing flows before Run. It fails when the
// codec's rate cannot be reached from DeviceRate.
func NewSession(c SessionConfig) (*Session, error) {
	up, err := newUplink(c)
	if err != nil {
		return nil, fmt.Errorf("audio session: %w", err)
	}
	down, err := newDownlink(c)
	if err != nil {
		return nil, fmt.Errorf("audio session: %w", err)
	}
	s := &Session{config: c, up: up, down: down}
	s.SetDevice(c.Device)
	s.SetMuted(c.Muted)
	return s, nil
}

// Run carries sound both ways until ctx ends or the leg is released, and
// returns nil then. The device and the stream stay the caller's to close; the
// goroutine that waits for packets ends when the stream does.
func (s *Session) Run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- s.down.receive(s.config.Stream) }()
	var near, far [periodLen]int16
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("the call's sound stopped arriving: %w", err)
		default:
			s.period(near[:], far[:])
		}
	}
}

// periodLen is one Period in samples.
const periodLen = int(DeviceRate) / 100

// period carries one Period of sound both ways.
func (s *Session) period(near, far []int16) {
	device, _ := s.current()
	n, err := device.Read(near)
	clear(near[n:])
	if err != nil {
		s.deviceLost(device, err)
	}
	if s.down.play(device, far) {
		device.Write(far)
	}
	s.record(s.up.send(near, far), far)
	s.periods.Add(1)
}

// current is the device in use, and whether it stands in for a lost one.
func (s *Session) current() (d Device, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.device, s.lost
}

func (s *Session) record(sent, heard []int16) {
	s.recording.Lock()
	defer s.recording.Unlock()
	if s.recorder != nil {
		s.recorder.Record(sent, heard)
	}
}

// deviceLost goes on without a sound card, unless there is a new one already.
func (s *Session) deviceLost(d Device, err error) {
	s.mu.Lock()
	current := s.device == d
	if current {
		s.device, s.lost = &beat{}, true
	}
	s.mu.Unlock()
	if current && s.config.DeviceLost != nil {
		s.config.DeviceLost(err)
	}
}

// SetDevice goes on with another device, nil for none, and returns the one
// used before, nil for none, which the caller closes.
func (s *Session) SetDevice(d Device) (old Device) {
	if d == nil {
		d = &beat{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, none := s.device.(*beat); !none {
		old = s.device
	}
	s.device, s.lost = d, false
	return old
}

// SetMuted sends silence instead of the microphone; packets keep going.
func (s *Session) SetMuted(on bool) { s.up.mute.SetMuted(on) }

// SetHeld sends the hold tone instead of the microphone and plays nothing of
// the other side.
func (s *Session) SetHeld(on bool) {
	s.up.hold.on.Store(on)
	s.down.hold.on.Store(on)
}

// SetGain changes the microphone by dB.
func (s *Session) SetGain(dB float64) { s.up.gain.SetDB(dB) }

// SetVolume changes the speaker by dB.
func (s *Session) SetVolume(dB float64) { s.down.volume.SetDB(dB) }

// Play sends r to the other side, instead of the microphone or mixed with it,
// until it ends. nil stops what plays.
func (s *Session) Play(r Reader, mix bool) { s.up.player.play(r, mix) }

// Mix adds r to the speaker, until it ends; nil stops all that was added.
func (s *Session) Mix(r Reader) {
	if r == nil {
		s.down.tones.Clear()
		return
	}
	s.down.tones.Add(r)
}

// Record hands everything sent and heard to r; nil stops. The recorder before
// is not called any more when Record returns.
func (s *Session) Record(r Recorder) {
	s.recording.Lock()
	defer s.recording.Unlock()
	s.recorder = r
}

// String draws the pipeline with what is in force.
func (s *Session) String() string { return fmt.Sprintf("%v\n%v", s.up, s.down) }
