package audio

import "context"

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
// joined. The microphone's clock paces it. All methods may be called from any
// goroutine at any time.
type Session struct{}

// NewSession joins the parts; nothing flows before Run.
func NewSession(c SessionConfig) *Session { return &Session{} }

// Run carries sound both ways until ctx ends or the leg is released, and
// returns nil then. The device and the stream stay the caller's to close; the
// goroutine that waits for packets ends when the stream does.
func (s *Session) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// SetMuted sends silence instead of the microphone; packets keep going.
func (s *Session) SetMuted(on bool) {}

// SetHeld sends the hold tone instead of the microphone and plays nothing of
// the other side.
func (s *Session) SetHeld(on bool) {}

// SetGain changes the microphone by dB.
func (s *Session) SetGain(dB float64) {}

// SetVolume changes the speaker by dB.
func (s *Session) SetVolume(dB float64) {}

// SetDevice goes on with another device, nil for none, and returns the one
// used before, which the caller closes.
func (s *Session) SetDevice(d Device) (old Device) { return nil }

// Play sends r to the other side, instead of the microphone or mixed with it,
// until it ends. nil stops.
func (s *Session) Play(r Reader, mix bool) {}

// Mix adds r to the speaker, until it ends; nil stops all that was added.
func (s *Session) Mix(r Reader) {}

// Record hands everything sent and heard to r; nil stops.
func (s *Session) Record(r Recorder) {}

// Stats is the session at this moment.
func (s *Session) Stats() Stats { return Stats{} }
