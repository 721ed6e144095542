package audio

import (
	"errors"
	"time"
)

// Device is a microphone and a speaker at DeviceRate, mono. The microphone's
// clock paces a session: Read waits, Write never does.
type Device interface {
	// Read waits until p can be filled from the microphone. It returns
	// ErrDeviceLost when the device is gone; samples of a muted or missing
	// microphone are zeros that still arrive on time.
	Read(p []int16) (int, error)
	// Write queues p for the speaker and returns how much was taken.
	Write(p []int16) (int, error)
	// Queued is how many samples wait for the speaker.
	Queued() int
	// Info describes what is open, and its latencies.
	Info() DeviceInfo
	Close() error
}

// DeviceInfo is an open device, for people and for the echo canceller.
type DeviceInfo struct {
	Input, Output   string        // names as the system shows them, empty if none
	HostAPI         string        // "ALSA", "PulseAudio", "CoreAudio" …
	InputLatency    time.Duration // from air to Read
	OutputLatency   time.Duration // from Write to air, without Queued
	Underruns, Lost uint64        // speaker ran dry; microphone samples thrown away
}

// Encoder packs sound. pcm is one frame of the codec; the packet goes into
// buf, whose used part is returned. It allocates nothing.
type Encoder interface {
	Encode(pcm []int16, buf []byte) ([]byte, error)
	// SetLoss tells the share of packets that get lost, 0..1, so that the
	// encoder may add redundancy.
	SetLoss(share float64)
}

// Decoder unpacks sound. Each method fills pcm and returns the samples written.
// It allocates nothing.
type Decoder interface {
	Decode(packet []byte, pcm []int16) (int, error)
	// DecodeFEC recovers the packet before the given one from its redundancy.
	DecodeFEC(packet []byte, pcm []int16) (int, error)
	// Conceal invents len(pcm) samples for a lost packet.
	Conceal(pcm []int16) (int, error)
	// Duration is how many samples at Codec.Rate a packet holds, or an error
	// when it is not a packet of this codec.
	Duration(packet []byte) (int, error)
}

// ErrDeviceLost says that a device stopped or was unplugged.
var ErrDeviceLost = errors.New("the sound device is gone")
