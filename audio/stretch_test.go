package audio

import (
	"math"
	"testing"
)

// filled is a playout of a sine, half of it handed out.
func filled(hz float64) (stretcher, *playout) {
	s := newStretcher(16000)
	q := newPlayout(2*s.reach(), 3200)
	out := q.space(1600)
	for i := range out {
		out[i] = int16(10000 * math.Sin(2*math.Pi*hz*float64(i)/16000))
	}
	q.grow(len(out))
	q.r += 640
	return s, &q
}

func TestSkippingAndRepeatingMoveByWholePeriods(t *testing.T) {
	for _, hz := range []float64{80, 100, 125, 200, 400} {
		period := 16000 / hz
		s, q := filled(hz)
		before := q.waiting()
		skipped := s.skip(q, s.max, 0.8)
		if skipped == 0 || before-q.waiting() != skipped {
			t.Errorf("%v Hz: %d samples skipped, %d gone", hz, skipped, before-q.waiting())
		}
		if off := math.Abs(math.Remainder(float64(skipped), period)); off > 1 {
			t.Errorf("%v Hz: skipped %d samples, %.0f off whole periods", hz, skipped, off)
		}
		s, q = filled(hz)
		before = q.waiting()
		repeated := s.repeat(q, s.max, 0.8)
		if off := math.Abs(math.Remainder(float64(repeated), period)); repeated == 0 || q.waiting()-before != repeated || off > 1 {
			t.Errorf("%v Hz: repeated %d samples, %d more, %.0f off whole periods", hz, repeated, q.waiting()-before, off)
		}
	}
}

func TestNothingIsSplicedWhereNothingFits(t *testing.T) {
	s, q := filled(200)
	c := comfort{floor: 5000}
	for i := range q.buf {
		q.buf[i] = clip(c.next())
	}
	if n := s.skip(q, s.max, 0.9); n != 0 {
		t.Errorf("%d samples of noise skipped as if they were a voice", n)
	}
	if n := s.skip(q, s.min-1, -1); n != 0 {
		t.Errorf("%d samples skipped where %d were allowed", n, s.min-1)
	}
	q.r = q.w - s.over + 1
	if n := s.repeat(q, s.max, -1) + s.skip(q, s.max, -1); n != 0 {
		t.Errorf("%d samples spliced without room to fade", n)
	}
}
