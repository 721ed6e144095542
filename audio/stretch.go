package audio

import "math"

// Sound is made shorter or longer by going on elsewhere: from the read
// position the ear is led, over overlap samples, to a place a few milliseconds
// ahead or back where the wave looks the same. That is WSOLA (Verhelst and
// Roelands, 1993) with one splice at a time; speech loses or gains whole
// pitch periods, and nothing clicks.
const (
	minLag  = 2500 * 1000  // ns; the pitch of a child
	maxLag  = 15000 * 1000 // ns; below the pitch of most men
	overlap = 5000 * 1000  // ns
)

// stretcher finds and makes splices in a playout at one rate.
type stretcher struct {
	min, max, over int // samples
	step           int // of the coarse search
}

func newStretcher(r SampleRate) stretcher {
	return stretcher{min: r.N(minLag), max: r.N(maxLag), over: r.N(overlap), step: max(1, int(r)/8000)}
}

// reach is how much sound a splice ahead needs.
func (s *stretcher) reach() int { return s.max + s.over }

// skip leaves out up to most samples and returns how many, or 0 when no place
// fits with at least the given likeness (correlation, −1..1).
func (s *stretcher) skip(q *playout, most int, likeness float64) int {
	most = min(most, s.max, q.waiting()-s.over)
	if most < s.min {
		return 0
	}
	lag, like := s.best(q.buf, q.r, +1, most)
	if like < likeness {
		return 0
	}
	s.fade(q.buf, q.r, q.r+lag, lag)
	q.r += lag
	return lag
}

// repeat plays up to most samples again and returns how many, or 0.
func (s *stretcher) repeat(q *playout, most int, likeness float64) int {
	most = min(most, s.max, q.r)
	if most < s.min || q.waiting() < s.over {
		return 0
	}
	lag, like := s.best(q.buf, q.r, -1, most)
	if like < likeness {
		return 0
	}
	s.fade(q.buf, q.r, q.r-lag, lag)
	q.r -= lag
	return lag
}

// period is the lag at which the newest sound of q repeats itself best, and
// how much it does.
func (s *stretcher) period(q *playout) (lag int, like float64) {
	return s.best(q.buf, q.w-s.over, -1, s.max)
}

// fade writes at to what leads from the sound at from into that at to.
func (s *stretcher) fade(buf []int16, from, to, lag int) {
	n := min(s.over, lag) // longer, and it would read what it has written
	for i := range n {
		a, b := int(buf[from+i]), int(buf[to+i])
		buf[to+i] = int16((a*(n-i) + b*i) / n)
	}
}

// best is the lag, s.min..most samples in the given direction, at which the
// wave resembles that at r most, and how much.
func (s *stretcher) best(buf []int16, r, direction, most int) (lag int, like float64) {
	like = -2
	for l := s.min; l <= most; l += s.step {
		if c := s.likeness(buf, r, r+direction*l, s.step); c > like {
			lag, like = l, c
		}
	}
	coarse := lag
	like = -2
	for l := max(s.min, coarse-s.step+1); l <= min(most, coarse+s.step-1); l++ {
		if c := s.likeness(buf, r, r+direction*l, 1); c > like {
			lag, like = l, c
		}
	}
	return lag, like
}

// likeness is the normalised correlation of the sound at a and at b.
func (s *stretcher) likeness(buf []int16, a, b, step int) float64 {
	x, y := buf[a:a+s.over], buf[b:b+s.over]
	var xy, xx, yy int64
	for i := 0; i < len(x) && i < len(y); i += step {
		u, v := int64(x[i]), int64(y[i])
		xy += u * v
		xx += u * u
		yy += v * v
	}
	if xx == 0 || yy == 0 {
		return 1 // silence resembles everything
	}
	return float64(xy) / math.Sqrt(float64(xx)*float64(yy))
}
