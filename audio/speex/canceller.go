package speex

/*
#cgo pkg-config: speexdsp
#cgo CFLAGS: -O2 -Wall
#include "canceller.h"
*/
import "C"

import (
	"errors"
	"runtime"
	"time"
	"unsafe"

	"tring/audio"
)

const (
	// rate is what the canceller works at: a wideband voice.
	rate audio.SampleRate = 16000
	// frame is one period at that rate.
	frame = int(rate) * int(audio.Period) / int(time.Second)
	// tail is how long an echo the filter covers, from lead before its
	// beginning. Since the far end is aligned, it need not cover the delay.
	tail = int(rate) * 112 / 1000
)

// canceller wraps the C library's state.
type canceller struct{ c *C.canceller }

func newCanceller() (*canceller, error) {
	c := &canceller{C.canceller_new(C.int(rate), C.int(frame), C.int(tail))}
	if c.c == nil {
		return nil, errors.New("no memory for the echo canceller")
	}
	runtime.AddCleanup(c, func(p *C.canceller) { C.canceller_free(p) }, c.c)
	return c, nil
}

// set says what the preprocessor does.
func (c *canceller) set(s Switches) {
	C.canceller_set(c.c, cbool(s.Echo), cbool(s.Denoise), cbool(s.Gain))
}

// run improves a frame in place.
func (c *canceller) run(near, far []int16, s Switches) {
	C.canceller_run(c.c, pointer(near), pointer(far), cbool(s.Echo), cbool(s.Echo || s.Denoise || s.Gain))
	runtime.KeepAlive(c)
}

func pointer(p []int16) *C.spx_int16_t { return (*C.spx_int16_t)(unsafe.Pointer(&p[0])) }

func cbool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
