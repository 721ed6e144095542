package audio

import "time"

// MaxPayload bounds one encoded packet in bytes; anything larger is hostile.
const MaxPayload = 1500

// Packet is one encoded packet as it arrived. The reader owns it and hands the
// same one in again: Payload keeps its backing array.
type Packet struct {
	Sequence  uint16
	Timestamp uint32 // in units of Codec.ClockRate
	Marker    bool   // first packet after a silence
	Arrival   time.Time
	Payload   []byte
}

// Stream is the encoded sound of one leg, both ways. RTP, SRTP and the network
// are behind it. ReadPacket and WritePacket may run concurrently with each
// other, but each is called by one goroutine at a time.
type Stream interface {
	// Codec is how sound is packed; fixed before the first packet flows.
	Codec() Codec
	// WritePacket sends one encoded frame. The payload is not kept. samples is
	// how far the RTP timestamp moves on, in units of ClockRate; marker is set
	// on the first frame after a silence. It never blocks on the network.
	WritePacket(payload []byte, samples uint32, marker bool) error
	// ReadPacket waits for the next packet and fills p, reusing p.Payload. It
	// returns io.EOF after the leg is released.
	ReadPacket(p *Packet) error
	// Network is what the network side measured, for people.
	Network() NetworkStats
}

// NetworkStats is what a stream knows of its path. Zero means not known.
type NetworkStats struct {
	RTT         time.Duration
	RemoteLoss  float64       // share of our packets lost on their way, 0..1, as the far end reports it
	Jitter      time.Duration // of arriving packets, RFC 3550 section 6.4.1
	Sent        uint64        // packets
	Received    uint64        // packets
	SentBytes   uint64
	RecvBytes   uint64
	Dropped     uint64 // forged, replayed, malformed packets
	Path        string // relay or candidate pair in use
	Encrypted   string // where the sound is decrypted: "end to end" or "at Meta"
	RemoteMuted bool
}
