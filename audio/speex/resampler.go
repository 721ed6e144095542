package speex

/*
#include <speex/speex_resampler.h>

// convert returns how many samples were made, and in the upper half how many
// were used, so that no count has to live where both languages see it.
static uint64_t convert(SpeexResamplerState *r, const spx_int16_t *in, spx_uint32_t used, spx_int16_t *out, spx_uint32_t made) {
	speex_resampler_process_int(r, 0, in, &used, out, &made);
	return (uint64_t)used << 32 | made;
}
*/
import "C"

import (
	"fmt"
	"runtime"

	"tring/audio"
)

// Qualities of 0..10: 2 is enough for a voice on its way to the canceller, 5 for
// everything that is heard or recorded.
const (
	voiceQuality = 2
	soundQuality = 5
)

// Resampler changes any rate into any other, for devices that insist on one of
// their own. It allocates nothing after NewResampler.
type Resampler struct{ state *C.SpeexResamplerState }

// NewResampler makes a resampler between two rates.
func NewResampler(from, to audio.SampleRate) (*Resampler, error) {
	return newResampler(from, to, soundQuality)
}

func newResampler(from, to audio.SampleRate, quality C.int) (*Resampler, error) {
	var code C.int
	state := C.speex_resampler_init(1, C.spx_uint32_t(from), C.spx_uint32_t(to), quality, &code)
	if state == nil {
		return nil, fmt.Errorf("no resampler from %d to %d Hz: %s", from, to, C.GoString(C.speex_resampler_strerror(code)))
	}
	r := &Resampler{state}
	runtime.AddCleanup(r, func(s *C.SpeexResamplerState) { C.speex_resampler_destroy(s) }, state)
	return r, nil
}

// Convert fills dst from src and says how much of both it used. What it keeps in
// mind of src counts as used.
func (r *Resampler) Convert(dst, src []int16) (made, used int) {
	if len(dst) == 0 || len(src) == 0 {
		return 0, 0
	}
	counts := uint64(C.convert(r.state, pointer(src), C.spx_uint32_t(len(src)), pointer(dst), C.spx_uint32_t(len(dst))))
	runtime.KeepAlive(r)
	return int(counts & 0xFFFFFFFF), int(counts >> 32)
}
