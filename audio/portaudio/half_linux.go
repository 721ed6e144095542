//go:build linux && !gocallbacks

package portaudio

/*
#cgo pkg-config: portaudio-2.0
#cgo CFLAGS: -std=gnu11 -O2 -Wall
#include "half_linux.h"
*/
import "C"

import (
	"errors"
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	pa "github.com/gordonklaus/portaudio"
)

// half is one running one-way stream whose callbacks are written in C. They
// share a ring with Go and wake the reader through an eventfd that Go's poller
// watches, once per packet: 3.8 % of a core in a call against 6.8 % when
// PortAudio calls Go.
type half struct {
	c       *C.half
	ring    ring
	wake    *os.File // microphone only
	beats   [8]byte  // the counter of wake; here because a Read may let its buffer escape
	closing atomic.Bool
}

// newHalf is a half without a stream.
func newHalf(channels int) (*half, error) {
	c := C.half_new(C.int(channels))
	if c == nil {
		return nil, errors.New("no memory for a sound stream")
	}
	return &half{c: c, ring: ring{
		head:    word(unsafe.Pointer(&c.head)),
		tail:    word(unsafe.Pointer(&c.tail)),
		samples: unsafe.Slice((*int16)(unsafe.Pointer(&c.samples[0])), C.RING),
	}}, nil
}

// openHalf opens and starts a stream in one direction.
func openHalf(input bool, device *pa.DeviceInfo, f format) (*half, error) {
	h, err := newHalf(f.channels)
	if err != nil {
		return nil, err
	}
	if err := h.start(input, device, f); err != nil {
		h.free()
		return nil, err
	}
	return h, nil
}

func (h *half) start(input bool, device *pa.DeviceInfo, f format) error {
	err := C.half_open(h.c, cbool(input), C.PaDeviceIndex(device.Index), C.double(f.rate),
		C.ulong(f.frames()), C.double(latency.Seconds()))
	if h.c.wake >= 0 {
		h.wake = os.NewFile(uintptr(h.c.wake), "microphone")
	}
	if err != C.paNoError {
		return pa.Error(err)
	}
	return nil
}

func cbool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// await waits until n samples are in the ring or the deadline has passed.
func (h *half) await(n int, deadline time.Time) error {
	want := word(unsafe.Pointer(&h.c.want))
	for {
		want.Store(uint32(n))
		if h.ring.waiting() >= n {
			return nil
		}
		if err := h.wake.SetReadDeadline(deadline); err != nil {
			return err
		}
		if h.closing.Load() { // set before interrupt's deadline, which ours may have replaced
			return os.ErrClosed
		}
		if _, err := h.wake.Read(h.beats[:]); err != nil {
			return err
		}
	}
}

// interrupt ends a wait that is under way.
func (h *half) interrupt() {
	h.closing.Store(true)
	if h.wake != nil {
		h.wake.SetReadDeadline(time.Unix(1, 0))
	}
}

// calls counts callbacks; a stream that is alive keeps counting.
func (h *half) calls() uint32 { return word(unsafe.Pointer(&h.c.calls)).Load() }

// lost counts samples dropped (microphone) or times run dry (speaker).
func (h *half) lost() uint32 { return word(unsafe.Pointer(&h.c.lost)).Load() }

// age is how long ago the speaker's last callback was.
func (h *half) age() time.Duration { return time.Duration(C.half_age(h.c)) }

func (h *half) latency() (in, out time.Duration) {
	var i, o C.double
	C.half_latency(h.c, &i, &o)
	return seconds(float64(i)), seconds(float64(o))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// free stops the stream and gives its memory back. Nobody may use h any more.
func (h *half) free() {
	C.half_free(h.c)
	if h.wake != nil {
		h.wake.Close()
	}
}
