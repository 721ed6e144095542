package audio

import "time"

// Silence is the level of digital silence in dBFS: the lowest step of 16 bits
// and a little below.
const Silence = -96.0

// Level is a loudness in dBFS, Silence..0.
type Level struct {
	RMS  float64 // falls back over 300 ms
	Peak float64 // held for 1.5 s
}

// Stats is a session at one moment, for people.
type Stats struct {
	Codec      Codec
	Microphone Level // before muting, so that one sees that one speaks while muted
	Speaker    Level
	Muted      bool
	Held       bool

	// Device is what is open; DeviceLost says that it went away and that
	// silence is sent until SetDevice.
	Device     DeviceInfo
	DeviceLost bool
	// DeadMicrophone is how long the microphone has given digital zeros: a
	// microphone muted in the system does that.
	DeadMicrophone time.Duration

	Network NetworkStats
	Jitter  JitterStats

	// Improvement is what the Processor came to, if it measures that.
	Improvement Improvement

	// Started is how long the session has run, Heard whether anything of the
	// other side has been decoded yet.
	Started time.Duration
	Heard   bool
	// MOS is the estimated listening quality, 1..4.5, by the E-model (ITU-T
	// G.107); MouthToEar is the one-way delay it assumes.
	MOS        float64
	MouthToEar time.Duration

	Encoded     uint64 // packets sent
	EncodeFails uint64 // frames that could not be encoded or sent
}

// JitterStats is what a jitter buffer has seen and done.
type JitterStats struct {
	Received   uint64 // packets
	Lost       uint64 // never came, or came too late to be of use
	Late       uint64 // came when a later one had been decoded; those less late still are
	Duplicate  uint64
	Reordered  uint64
	Dropped    uint64 // thrown away: buffer full, not decodable, out of any order
	OtherCodec uint64 // packets of another codec; never played
	Resyncs    uint64 // the sender started over, or paused very long
	Decoded    uint64 // packets
	Recovered  uint64 // packets restored from the next one's redundancy
	Stretched  uint64 // samples added by slowing down
	Compressed uint64 // samples removed by speeding up
	Played     uint64 // samples handed out, at Codec.Rate
	Concealed  uint64 // of these, invented ones
	Comfort    uint64 // of these, comfort noise

	Loss           float64       // share of packets lost in the last seconds, 0..1
	ConcealedShare float64       // share of sound invented in the last seconds, 0..1
	Jitter         time.Duration // spread of arrivals, as the buffer sees it
	Delay          time.Duration // how long sound waits here now
	Target         time.Duration // how long it should
	// Quiet is how long nothing but comfort noise has been played for want of
	// packets; zero while sound comes.
	Quiet time.Duration
	// Mismatch says that the other side sends a codec that we do not have.
	Mismatch bool
}
