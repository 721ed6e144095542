package audio

import (
	"fmt"
	"math"
	"sync/atomic"
)

// Gain makes its source louder or softer, or mute. A change is spread over one
// frame, so that it does not click. The setters may be called while another
// goroutine reads.
type Gain struct {
	Source Reader

	muted  atomic.Bool
	change atomic.Uint64 // bits of the factor − 1, so that zero means unchanged
	factor float64       // in force at the end of the last frame
	begun  bool
}

// SetDB changes the level by dB; 0 leaves it as it is.
func (g *Gain) SetDB(dB float64) {
	g.change.Store(math.Float64bits(math.Pow(10, dB/20) - 1))
}

// SetMuted makes the output digital silence.
func (g *Gain) SetMuted(on bool) { g.muted.Store(on) }

func (g *Gain) target() float64 {
	if g.muted.Load() {
		return 0
	}
	return 1 + math.Float64frombits(g.change.Load())
}

// Read fills frame from the source.
func (g *Gain) Read(frame []int16) (int, error) {
	n, err := g.Source.Read(frame)
	to := g.target()
	if !g.begun {
		g.factor, g.begun = to, true
	}
	g.apply(frame[:n], to)
	return n, err
}

func (g *Gain) apply(frame []int16, to float64) {
	from := g.factor
	g.factor = to
	switch {
	case from == 1 && to == 1:
	case from == 0 && to == 0:
		clear(frame)
	default:
		step := (to - from) / float64(max(len(frame), 1))
		for i := range frame {
			frame[i] = clip(float64(frame[i]) * (from + step*float64(i+1)))
		}
	}
}

func (g *Gain) String() string {
	if g.muted.Load() {
		return fmt.Sprint(g.Source, " → mute")
	}
	return fmt.Sprintf("%v → gain %+.0f dB", g.Source, 20*math.Log10(g.target()))
}
