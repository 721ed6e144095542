package opus

import "errors"

// A sender of MLow may put an Opus packet without SILK part behind a first
// byte of MLow's own: the escape (evidence: oxidezap/whatsapp-rust).
//
//	bit   7 6  5 4 3 2        1       0
//	      1 1  configuration  stereo  frame count byte follows
//	           less 16

// SilenceDescriptor is MLow's whole packet for silence.
const SilenceDescriptor = 0x90

// ErrNoEscape says that a packet has a SILK part, which no escape can carry.
var ErrNoEscape = errors.New("opus: only CELT packets fit into an MLow escape")

// IsEscape says whether packet, in a stream of MLow, is an escape.
func IsEscape(packet []byte) bool { return len(packet) > 0 && packet[0]&0xC0 == 0xC0 }

// unescapeTOC is the first byte of the Opus packet; the rest of it is the same.
func unescapeTOC(b byte) byte {
	toc := (firstCELT+b>>2&15)<<3 | b>>1&1<<2
	if b&1 != 0 {
		toc |= 3
	}
	return toc
}

// FromEscape turns an escape into the Opus packet, in place.
func FromEscape(packet []byte) ([]byte, error) {
	if !IsEscape(packet) {
		return nil, ErrNoEscape
	}
	packet[0] = unescapeTOC(packet[0])
	return packet, nil
}

// ToEscape appends the escape of an Opus packet to dst. Silence becomes MLow's
// own descriptor.
func ToEscape(dst, packet []byte) ([]byte, error) {
	var f frames
	if err := f.split(packet); err != nil {
		return nil, err
	}
	if len(packet) <= 2 || f.silent() {
		return append(dst, SilenceDescriptor), nil
	}
	toc := packet[0]
	if toc>>3 < firstCELT {
		return nil, ErrNoEscape
	}
	first := 0xC0 | (toc>>3-firstCELT)<<2 | toc>>2&1<<1
	switch toc & 3 {
	case 0:
		dst = append(dst, first)
	case 1:
		dst = append(dst, first|1, 0x02)
	case 2:
		dst = append(dst, first|1, 0x82)
	case 3:
		dst = append(dst, first|1)
	}
	return append(dst, packet[1:]...), nil
}

// silent says that every frame is empty or CELT's two bytes for silence.
func (f *frames) silent() bool {
	for _, d := range f.data[:f.n] {
		if len(d) != 0 && string(d) != "\xff\xfe" {
			return false
		}
	}
	return true
}
