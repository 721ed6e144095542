package audio

import "time"

// pace decides how fast sound may be made longer or shorter, so that nobody
// hears it: in silence at once, in speech rarely.
type pace struct {
	since int // samples handed out since the last splice

	rest    int // between splices in speech
	hurry   int // between splices when much is to be caught up
	little  int64
	much    int64
	tooMuch int64
}

func newPace(r SampleRate) pace {
	return pace{
		rest:    r.N(100 * time.Millisecond),
		hurry:   r.N(40 * time.Millisecond),
		little:  int64(r.N(minLag)),
		much:    int64(r.N(Period)),
		tooMuch: int64(r.N(60 * time.Millisecond)),
	}
}

// target is the delay to aim at: what the arrivals ask for, and one packet
// more when packets got lost lately that the next one could restore. Losses
// come in bursts: a delay that follows each of them up and down is heard more
// than the losses are.
func (j *Jitter) target() int64 {
	t := j.arrivals.target
	if j.redundant > 0 && j.patient > 0 {
		t += int64(j.frame)
	}
	return min(t, int64(j.arrivals.mean)+j.maxLag)
}

// fecLoss is the share of lost packets from which it is worth to wait one
// packet for the copy of a lost one: 1.5 % for 20 ms, more for longer ones.
func fecLoss(frame time.Duration) float64 {
	return 0.015 * float64(frame) / float64(20*time.Millisecond)
}

// steer brings the delay nearer to its target by one splice, if the sound of
// the moment allows it. need is how much is going to be handed out.
func (j *Jitter) steer(need int) {
	if j.fresh || j.conceal.run > 0 || j.arrivals.n == 0 {
		return
	}
	switch excess := j.delay - j.target(); {
	case excess >= j.pace.little:
		j.shrink(excess, need)
	case excess < 0:
		j.stretchOut(-excess)
	}
}

// shrink leaves out up to excess samples.
func (j *Jitter) shrink(excess int64, need int) {
	for j.playout.waiting() < need+j.stretch.reach() {
		p := j.shelf.first(j.next)
		if p == nil || p.seq != j.next || p.time+j.delay > j.end() {
			break
		}
		j.play(p)
	}
	quiet := j.quietAhead()
	like, rest := 0.8, j.pace.rest
	switch {
	case quiet:
		like, rest = -1, 0
	case excess < j.pace.much+j.spread():
		return
	case excess > j.pace.tooMuch:
		like, rest = 0.4, j.pace.hurry
	}
	if j.pace.since < rest {
		return
	}
	most := min(int(min(excess, 1<<30)), j.playout.waiting()-need)
	if n := j.stretch.skip(&j.playout, most, like); n > 0 {
		j.delay -= int64(n)
		j.pace.since = 0
		j.stats.Compressed += uint64(n)
	}
}

// stretchOut plays up to lack samples again.
func (j *Jitter) stretchOut(lack int64) {
	like, rest := 0.6, j.pace.hurry
	if j.quietAhead() {
		like, rest = -1, 0
	}
	if j.pace.since < rest || rest > 0 && lack < j.spread()/3 {
		return
	}
	most := max(int(min(lack, 1<<30)), j.period)
	if n := j.stretch.repeat(&j.playout, most, like); n > 0 {
		j.delay += int64(n)
		j.pace.since = 0
		j.stats.Stretched += uint64(n)
	}
}

// quietAhead says that what is about to be handed out is background only.
func (j *Jitter) quietAhead() bool {
	q := &j.playout
	return j.conceal.comfort.quiet(q.buf[q.r:min(q.w, q.r+j.stretch.reach())])
}

// spread is how much later than usual packets are waited for. The wider it is,
// the less a few milliseconds matter, and the less its estimate is to be chased.
func (j *Jitter) spread() int64 { return max(0, j.arrivals.target-int64(j.arrivals.mean)) }
