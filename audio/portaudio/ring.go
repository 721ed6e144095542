package portaudio

import (
	"sync/atomic"
	"unsafe"
)

// ring is the Go end of a ring of samples with one producer and one consumer,
// of which one is PortAudio's thread. Neither ever waits for the other. head
// and tail count samples since the beginning and wrap; the memory may be C's.
type ring struct {
	head, tail *atomic.Uint32
	samples    []int16 // a power of two
}

// word looks at a 32-bit word that C shares with us.
func word(p unsafe.Pointer) *atomic.Uint32 { return (*atomic.Uint32)(p) }

func (r *ring) waiting() int { return int(r.head.Load() - r.tail.Load()) }

// take moves up to len(p) samples out of the ring; consumer only.
func (r *ring) take(p []int16) int {
	tail := r.tail.Load()
	n := min(len(p), int(r.head.Load()-tail))
	at := int(tail) & (len(r.samples) - 1)
	first := copy(p[:n], r.samples[at:])
	copy(p[first:n], r.samples)
	r.tail.Store(tail + uint32(n))
	return n
}

// skip drops the oldest n samples; consumer only.
func (r *ring) skip(n int) int {
	n = min(n, r.waiting())
	r.tail.Add(uint32(n))
	return n
}

// put moves up to len(p) samples into the ring; producer only.
func (r *ring) put(p []int16) int {
	head := r.head.Load()
	n := min(len(p), len(r.samples)-int(head-r.tail.Load()))
	at := int(head) & (len(r.samples) - 1)
	first := copy(r.samples[at:], p[:n])
	copy(r.samples, p[first:n])
	r.head.Store(head + uint32(n))
	return n
}
