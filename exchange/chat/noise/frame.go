package noise

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// MaxFrame bounds one frame in bytes. The format allows 2^24; no client needs
// more than the upload of 812 prekeys, about 40 KiB.
const MaxFrame = 1 << 20

const (
	maxRouting = 1 << 12 // bytes of an edge-routing preamble
	lengthSize = 3       // bytes of a frame's big-endian length
)

// ErrFrame says that the other side does not speak our framing.
var ErrFrame = errors.New("the frame is malformed; point a WhatsApp client here, nothing else")

// Reader cuts a byte stream into frames.
type Reader struct{ in *bufio.Reader }

// NewReader reads frames from in.
func NewReader(in io.Reader) *Reader { return &Reader{bufio.NewReader(in)} }

// Header reads what a client sends once before its first frame: an optional
// edge-routing preamble, which is skipped, and the four bytes that become the
// handshake's prologue.
func (r *Reader) Header() ([]byte, error) {
	header, err := r.take(4)
	if err != nil {
		return nil, err
	}
	if string(header) == "ED\x00\x01" {
		if _, err = r.prefixed(maxRouting); err != nil {
			return nil, fmt.Errorf("edge routing: %w", err)
		}
		if header, err = r.take(4); err != nil {
			return nil, err
		}
	}
	if string(header[:2]) != "WA" {
		return nil, fmt.Errorf("%w: header % x", ErrFrame, header)
	}
	return header, nil
}

// Frame reads the next frame.
func (r *Reader) Frame() ([]byte, error) { return r.prefixed(MaxFrame) }

func (r *Reader) prefixed(limit int) ([]byte, error) {
	size, err := r.take(lengthSize)
	if err != nil {
		return nil, err
	}
	n := int(size[0])<<16 | int(size[1])<<8 | int(size[2])
	if n > limit {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are taken", ErrFrame, n, limit)
	}
	return r.take(n)
}

// take reads in small steps, so that a length alone reserves no memory.
func (r *Reader) take(n int) ([]byte, error) {
	const step = 16 << 10
	out := make([]byte, 0, min(n, step))
	for len(out) < n {
		part := min(n-len(out), step)
		out = append(out, make([]byte, part)...)
		if _, err := io.ReadFull(r.in, out[len(out)-part:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AppendFrame appends payload as one frame to dst.
func AppendFrame(dst, payload []byte) []byte {
	n := len(payload)
	return append(append(dst, byte(n>>16), byte(n>>8), byte(n)), payload...)
}
