package audio

import "time"

// SampleRate is samples per second and turns durations into samples and back,
// so that no other code does that arithmetic.
type SampleRate int

// DeviceRate is the rate of every Device and of every stage between device
// and codec.
const DeviceRate SampleRate = 48000

// Period is how often a device hands over samples. Ten milliseconds is the
// shortest period that never ran dry with both processors busy.
const Period = 10 * time.Millisecond

// N is the number of samples in d.
func (r SampleRate) N(d time.Duration) int { return int(int64(d) * int64(r) / int64(time.Second)) }

// D is the time that n samples last.
func (r SampleRate) D(n int) time.Duration { return time.Duration(n) * time.Second / time.Duration(r) }

// Codec says how a leg's sound is packed.
type Codec struct {
	Name        string        // "opus"
	PayloadType uint8         // RTP payload type
	ClockRate   SampleRate    // RTP clock, samples per second
	Rate        SampleRate    // rate that the encoder is given, samples per second
	Frame       time.Duration // sound in one packet
	FEC         bool          // in-band forward error correction may be sent
	DTX         bool          // silence may be sent as one- or two-byte packets
	Escape      bool          // packets are CELT only and leave in MLow's escape form
}

// OpusRelay is the profile of WhatsApp's relays: 16 kHz, 60 ms, payload type
// 120, RTP clock 16 kHz (evidence: oxidezap/whatsapp-rust, Auties00/Cobalt).
var OpusRelay = Codec{Name: "opus", PayloadType: 120, ClockRate: 16000, Rate: 16000, Frame: 60 * time.Millisecond, DTX: true}

// OpusWebRTC is the profile of WebRTC: 48 kHz, 20 ms (RFC 7587).
var OpusWebRTC = Codec{Name: "opus", PayloadType: 111, ClockRate: 48000, Rate: 48000, Frame: 20 * time.Millisecond, FEC: true}

// OpusEscape is OpusRelay toward a device that decodes MLow: the packets leave
// in MLow's escape form, which such a decoder hands on to Opus.
var OpusEscape = Codec{Name: "opus", PayloadType: 120, ClockRate: 16000, Rate: 16000, Frame: 60 * time.Millisecond, DTX: true, Escape: true}
