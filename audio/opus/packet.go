package opus

import (
	"errors"

	"tring/audio"
)

// ErrPacket says that bytes are not an Opus packet (RFC 6716 section 3.4).
var ErrPacket = errors.New("opus: not an Opus packet")

const (
	maxFrames   = 48   // RFC 6716 section 3.2.5, requirement R5
	maxFrameLen = 1275 // bytes, requirement R2
	maxMicros   = 120000
)

// frameMicros is the length of one frame in microseconds by the configuration
// in the top five bits of the first byte (RFC 6716 table 2).
var frameMicros = [32]int{
	10000, 20000, 40000, 60000, // SILK narrowband
	10000, 20000, 40000, 60000, // SILK mediumband
	10000, 20000, 40000, 60000, // SILK wideband
	10000, 20000, 10000, 20000, // hybrid superwideband, fullband
	2500, 5000, 10000, 20000, // CELT narrowband
	2500, 5000, 10000, 20000, // CELT wideband
	2500, 5000, 10000, 20000, // CELT superwideband
	2500, 5000, 10000, 20000, // CELT fullband
}

// firstCELT is the first configuration without a SILK part.
const firstCELT = 16

// Duration is how many samples packet holds at rate, or ErrPacket.
func Duration(packet []byte, rate audio.SampleRate) (int, error) {
	if len(packet) == 0 {
		return 0, ErrPacket
	}
	return duration(packet[0], packet, rate)
}

// duration reads packet as if toc were its first byte.
func duration(toc byte, packet []byte, rate audio.SampleRate) (int, error) {
	frames := 1
	switch toc & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0, ErrPacket
		}
		frames = int(packet[1] & 63)
	}
	micros := frames * frameMicros[toc>>3]
	if frames == 0 || micros > maxMicros {
		return 0, ErrPacket
	}
	return micros * int(rate) / 1_000_000, nil
}

// HasFEC says whether a packet carries low-bitrate redundancy of the packet
// before it: the flag after the voice activity flags of its first SILK frame
// (RFC 6716 section 4.2.3). In a stereo packet the mid channel decides.
func HasFEC(packet []byte) bool {
	if len(packet) == 0 || packet[0]>>3 >= firstCELT {
		return false
	}
	var f frames
	if f.split(packet) != nil || len(f.data[0]) == 0 {
		return false
	}
	voiceFlags := max(1, frameMicros[packet[0]>>3]/20000)
	return f.data[0][0]&(0x80>>voiceFlags) != 0
}

// frames are the frames of one packet.
type frames struct {
	n    int
	data [maxFrames][]byte
}

// split takes a packet apart (RFC 6716 section 3.2).
func (f *frames) split(packet []byte) error {
	if _, err := Duration(packet, audio.DeviceRate); err != nil {
		return err
	}
	body := packet[1:]
	switch packet[0] & 3 {
	case 0:
		return f.equal(body, 1)
	case 1:
		return f.equal(body, 2)
	case 2:
		return f.unequal(body, 2)
	}
	return f.counted(body)
}

// counted splits a packet with a frame count byte: padding, then frames.
func (f *frames) counted(body []byte) error {
	head := body[0]
	body = body[1:]
	if head&0x40 != 0 {
		var err error
		if body, err = unpad(body); err != nil {
			return err
		}
	}
	if head&0x80 != 0 {
		return f.unequal(body, int(head&63))
	}
	return f.equal(body, int(head&63))
}

// unpad drops the padding and its length bytes.
func unpad(body []byte) ([]byte, error) {
	padding := 0
	for len(body) > 0 {
		n := int(body[0])
		body = body[1:]
		if n == 255 {
			padding += 254
			continue
		}
		if padding += n; padding > len(body) {
			return nil, ErrPacket
		}
		return body[:len(body)-padding], nil
	}
	return nil, ErrPacket
}

func (f *frames) equal(body []byte, n int) error {
	if len(body)%n != 0 || len(body)/n > maxFrameLen {
		return ErrPacket
	}
	size := len(body) / n
	for i := range n {
		f.data[i] = body[i*size : (i+1)*size]
	}
	f.n = n
	return nil
}

// unequal splits frames whose lengths stand in front of them, but the last.
func (f *frames) unequal(body []byte, n int) error {
	var sizes [maxFrames]int
	for i := range n - 1 {
		size, used := frameLength(body)
		if used == 0 {
			return ErrPacket
		}
		sizes[i], body = size, body[used:]
	}
	for i := range n - 1 {
		if sizes[i] > len(body) {
			return ErrPacket
		}
		f.data[i], body = body[:sizes[i]], body[sizes[i]:]
	}
	if len(body) > maxFrameLen {
		return ErrPacket
	}
	f.data[n-1], f.n = body, n
	return nil
}

// frameLength reads a one- or two-byte length (RFC 6716 section 3.2.1); used
// is 0 when it is cut off.
func frameLength(b []byte) (size, used int) {
	switch {
	case len(b) == 0:
		return 0, 0
	case b[0] < 252:
		return int(b[0]), 1
	case len(b) == 1:
		return 0, 0
	}
	return int(b[1])*4 + int(b[0]), 2
}
