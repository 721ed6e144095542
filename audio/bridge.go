package audio

// bridge fills the gap before p: with p's copy of the packet before it, and
// with invented sound for what is missing besides.
func (j *Jitter) bridge(p *slot, gap int) {
	if p.seq == j.next || j.conceal.faded() {
		j.resume(p)
		return
	}
	restored := 0
	if p.redundant && gap >= p.samples {
		restored = p.samples
	}
	if gap > restored {
		j.invent(gap - restored)
	}
	if restored > 0 {
		j.recover(p)
	}
}

// resume waits for p, before which the sender paused or nothing was heard for
// long: the sound may go on at any delay, so it goes on at the right one.
func (j *Jitter) resume(p *slot) {
	j.delay = max(j.end()-p.time, j.target())
	if gap := int(p.time + j.delay - j.end()); gap > 0 {
		j.invent(min(gap, j.period))
	}
}

// recover decodes the packet before p out of p.
func (j *Jitter) recover(p *slot) {
	out := j.playout.space(p.samples)
	n, err := j.dec.DecodeFEC(j.shelf.bytes(p), out)
	if err != nil || n != p.samples {
		j.invent(p.samples)
		return
	}
	if j.conceal.run > 0 {
		j.conceal.end(out, &j.playout, &j.stretch)
	}
	j.playout.grow(n)
	j.stats.Recovered++
}

// invent adds n concealed samples, rounded up to what decoders can do, and no
// more than fit into a packet.
func (j *Jitter) invent(n int) {
	step := j.period / 4 // 2.5 ms
	out := j.playout.space(min((n+step-1)/step*step, j.codec.Rate.N(maxPacket)))
	if j.begun {
		if j.conceal.run == 0 {
			j.conceal.begin(&j.playout, &j.stretch)
		}
		j.stats.Comfort += uint64(j.conceal.fill(out, j.dec))
		j.stats.Concealed += uint64(len(out))
		j.invented += len(out)
	} else {
		clear(out)
	}
	j.playout.grow(len(out))
}
