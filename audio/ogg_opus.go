package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// opusHead is the first packet of Opus in Ogg (RFC 7845 section 5.1).
type opusHead struct {
	channels int
	preSkip  int // samples to throw away at the beginning
	gain     int // of the output, in 1/256 dB
	streams  int // Opus packets within one of Ogg's
}

// maxStreams bounds the streams in a file; a call has two.
const maxStreams = 8

// callHead is the head of a recorded call: two voices as two streams of their
// own, left and right. Coupled stereo would smear one into the other.
func callHead(preSkip int) []byte {
	head := append([]byte("OpusHead"), 1, 2)
	head = binary.LittleEndian.AppendUint16(head, uint16(preSkip))
	head = binary.LittleEndian.AppendUint32(head, uint32(DeviceRate))
	return append(head, 0, 0, // gain
		1,    // mapping family: Vorbis order
		2, 0, // streams, of which coupled
		0, 1) // left is stream 0, right is stream 1
}

// callTags is the second packet (RFC 7845 section 5.2): who wrote it, no
// comments. It names nobody who spoke.
func callTags() []byte {
	const vendor = "tring"
	tags := binary.LittleEndian.AppendUint32([]byte("OpusTags"), uint32(len(vendor)))
	return append(append(tags, vendor...), 0, 0, 0, 0)
}

func parseOpusHead(p []byte) (opusHead, error) {
	if len(p) < 19 || string(p[:8]) != "OpusHead" {
		return opusHead{}, errors.New("the Ogg file holds no Opus")
	}
	if p[8]>>4 != 0 {
		return opusHead{}, fmt.Errorf("its Opus header has version %d, which nobody has described yet", p[8])
	}
	h := opusHead{
		channels: int(p[9]),
		preSkip:  int(binary.LittleEndian.Uint16(p[10:])),
		gain:     int(int16(binary.LittleEndian.Uint16(p[16:]))),
		streams:  1,
	}
	if p[18] != 0 {
		if len(p) < 21 {
			return opusHead{}, errors.New("its Opus header is cut off")
		}
		h.streams = int(p[19])
	}
	if h.channels < 1 || h.streams < 1 || h.streams > maxStreams {
		return opusHead{}, fmt.Errorf("its Opus header names %d channels in %d streams: at most %d streams can be played", h.channels, h.streams, maxStreams)
	}
	return h, nil
}

// appendDelimited writes packet so that another can follow it (RFC 6716
// appendix B). It must hold one frame, which every packet of 20 ms does.
func appendDelimited(buf, packet []byte) ([]byte, error) {
	if len(packet) == 0 || packet[0]&3 != 0 {
		return buf, errors.New("an encoder gave no packet of a single frame: recordings need 20 ms packets")
	}
	buf = append(buf, packet[0])
	return append(appendOpusLength(buf, len(packet)-1), packet[1:]...), nil
}

// appendOpusLength writes a frame's length in one or two bytes (RFC 6716 section
// 3.2.1).
func appendOpusLength(buf []byte, n int) []byte {
	if n < 252 {
		return append(buf, byte(n))
	}
	return append(buf, byte(252+n&3), byte((n-252)>>2))
}

var errOpusCut = errors.New("an Opus packet is cut off")

func opusLength(p []byte) (n, used int, err error) {
	switch {
	case len(p) < 1 || p[0] >= 252 && len(p) < 2:
		return 0, 0, errOpusCut
	case p[0] < 252:
		return int(p[0]), 1, nil
	}
	return int(p[1])*4 + int(p[0]), 2, nil
}

// cutDelimited takes the first packet out of one with several streams: it
// becomes a plain packet in buf, and rest is what follows it. Only packets of
// one frame are understood, the kind that encoders of several streams write.
func cutDelimited(p, buf []byte) (packet, rest []byte, err error) {
	if len(p) < 2 {
		return nil, nil, errOpusCut
	}
	if p[0]&3 != 0 {
		return nil, nil, errors.New("an Opus packet with several streams holds several frames, which is not understood")
	}
	n, used, err := opusLength(p[1:])
	if err != nil || len(p) < 1+used+n {
		return nil, nil, errOpusCut
	}
	packet = append(append(buf[:0], p[0]), p[1+used:1+used+n]...)
	return packet, p[1+used+n:], nil
}

// isOpusHead says whether a page begins a logical stream of Opus.
func isOpusHead(p *oggPage) bool {
	return p.flags&oggFirst != 0 && len(p.body) >= 8 && slices.Equal(p.body[:8], []byte("OpusHead"))
}
