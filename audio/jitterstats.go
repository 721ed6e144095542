package audio

// Stats is what the buffer has seen and done so far.
func (j *Jitter) Stats() JitterStats {
	s := j.stats
	rate := j.codec.Rate
	s.Loss, s.ConcealedShare, s.Mismatch = j.loss, j.concealed, j.verdict.mismatch()
	if j.conceal.faded() {
		s.Quiet = rate.D(j.conceal.run - j.conceal.to)
	}
	if j.arrivals.n == 0 || j.fresh {
		return s
	}
	mean := j.arrivals.mean
	s.Delay = rate.D(max(0, int(float64(j.delay)-mean)))
	s.Target = rate.D(max(0, int(float64(j.target())-mean)))
	s.Jitter = rate.D(max(0, int(float64(j.arrivals.target)-mean)))
	return s
}
