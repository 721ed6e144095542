package audio

import "time"

// Jitter is the jitter buffer of one stream: packets go in as they come,
// sound comes out at the speaker's pace. It is pure: no clock, no goroutine,
// no I/O; the only time it knows is the number of samples it has handed out.
// It is not safe for concurrent use.
//
//	Push ─ order, judge ─ shelf ─┐
//	        arrivals ─ target    ├─ decode | recover | conceal ─ playout ─ stretch ─ Pull
//	                             ┘
//
// The delay of the stream is the distance between a sample's timestamp and
// its place in what is handed out. It grows at once when sound comes late,
// and when arrivals spread; it shrinks in silence, or by whole pitch periods
// when there is much of it.
type Jitter struct {
	codec  Codec
	dec    Decoder
	fec    redundancy // nil if the decoder cannot tell
	frame  int        // samples in a usual packet
	period int        // samples in a Period
	maxLag int64      // longest wait for a target, samples

	shelf    shelf
	arrivals arrivals
	order    order
	verdict  verdict
	playout  playout
	stretch  stretcher
	conceal  concealer
	pace     pace

	fresh  bool  // the next packet begins the stream
	next   int64 // sequence number to be decoded next
	delay  int64 // hand-out position − timestamp of what is decoded next
	pulled int64 // samples handed out

	loss      float64 // share of packets, smoothed
	concealed float64 // share of sound, smoothed
	invented  int     // samples since the last Pull
	redundant int     // packets until we believe that no copies are sent
	stats     JitterStats
}

// redundancy is a decoder that can tell whether DecodeFEC is worth calling.
type redundancy interface{ HasFEC(packet []byte) bool }

const (
	maxPacket = 120 * time.Millisecond // longest packet of any codec here
	maxTarget = 400 * time.Millisecond // beyond this nobody can talk
	// maxBacklog is how much more than the target is caught up by speaking
	// faster; what is older is skipped.
	maxBacklog = 600 * time.Millisecond
	// inventUpTo is how much is concealed before looking for packets again.
	inventUpTo = 20 * time.Millisecond
	// concealedOver is how many Pulls the concealed share is smoothed over.
	concealedOver = 500
)

// NewJitter makes a buffer for a stream of c, decoded by dec.
func NewJitter(c Codec, dec Decoder) *Jitter {
	frame, st := c.Rate.N(c.Frame), newStretcher(c.Rate)
	fec, _ := dec.(redundancy)
	return &Jitter{
		codec: c, dec: dec, fec: fec, frame: frame,
		period: c.Rate.N(Period), maxLag: int64(c.Rate.N(maxTarget)),
		arrivals: newArrivals(frame, c.Rate),
		verdict:  verdict{frame: int64(frame)},
		playout:  newPlayout(2*st.reach(), 4*c.Rate.N(maxPacket)),
		stretch:  st,
		conceal:  newConcealer(c.Rate),
		pace:     newPace(c.Rate),
		fresh:    true,
	}
}

// Pull fills pcm, at most maxPacket long, with the next sound. Before the
// first packet that is silence.
func (j *Jitter) Pull(pcm []int16) {
	j.steer(len(pcm))
	for j.playout.waiting() < len(pcm) {
		j.produce()
	}
	n := j.playout.read(pcm)
	j.pulled += int64(n)
	j.stats.Played += uint64(n)
	j.pace.since += n
	j.conceal.comfort.listen(pcm)
	j.concealed += (float64(min(j.invented, n))/float64(n) - j.concealed) / concealedOver
	j.invented = 0
}

// end is the hand-out position of the next sample to be decoded.
func (j *Jitter) end() int64 { return j.pulled + int64(j.playout.waiting()) }

// produce adds some sound to the playout: the next packet if it is its turn,
// else something for what is missing.
func (j *Jitter) produce() {
	p := j.shelf.first(j.next)
	if p == nil {
		j.invent(min(j.frame, j.codec.Rate.N(inventUpTo)))
		return
	}
	if j.fresh {
		j.begin(p)
	}
	if gap := int(p.time + j.delay - j.end()); gap > 0 {
		j.bridge(p, gap)
		return
	}
	j.play(p)
}

// begin plays the first packet of a stream at once.
func (j *Jitter) begin(p *slot) {
	j.fresh, j.next = false, p.seq
	j.delay = j.end() - p.time
}

// bridge fills some of the gap before p.
func (j *Jitter) bridge(p *slot, gap int) {
	if p.seq == j.next || j.conceal.faded() {
		// The sender paused, or nothing was heard for long: the sound may go on
		// at any delay, so it goes on at the right one.
		j.delay = max(j.end()-p.time, min(j.delay, j.target()))
		if gap = int(p.time + j.delay - j.end()); gap <= 0 {
			return
		}
	} else if p.redundant && gap >= p.samples && gap < p.samples+j.period/4 {
		j.recover(p)
		return
	} else if p.redundant && gap > p.samples {
		gap -= p.samples
	}
	j.invent(min(gap, j.codec.Rate.N(inventUpTo)))
}

// recover decodes the packet before p out of p.
func (j *Jitter) recover(p *slot) {
	out := j.playout.space(p.samples)
	n, err := j.dec.DecodeFEC(j.shelf.bytes(p), out)
	if err != nil || n != p.samples {
		j.invent(min(p.samples, j.codec.Rate.N(inventUpTo)))
		return
	}
	j.conceal.end(out)
	j.playout.grow(n)
	j.stats.Recovered++
}

// invent adds n concealed samples, rounded up to what decoders can do.
func (j *Jitter) invent(n int) {
	step := j.period / 4 // 2.5 ms
	out := j.playout.space((n + step - 1) / step * step)
	if j.fresh {
		clear(out)
	} else {
		j.stats.Comfort += uint64(j.conceal.fill(out, j.dec))
		j.stats.Concealed += uint64(len(out))
		j.invented += len(out)
	}
	j.playout.grow(len(out))
}

// play decodes p, whose turn it is or was a while ago.
func (j *Jitter) play(p *slot) {
	late := j.end() - p.time - j.delay
	j.delay += late
	if missing := p.seq - j.next; missing > 0 {
		j.account(missing)
	}
	j.next = p.seq + 1
	if j.tooOld(p) {
		j.shelf.drop(p)
		j.account(1)
		return
	}
	out := j.playout.space(j.codec.Rate.N(maxPacket))
	n, err := j.dec.Decode(j.shelf.bytes(p), out)
	j.shelf.drop(p)
	if err != nil || n == 0 {
		j.stats.Dropped++
		j.account(1)
		return
	}
	j.account(0)
	j.conceal.end(out[:n])
	j.playout.grow(n)
}

// tooOld says that catching up from p would take too long, and that there is
// something newer.
func (j *Jitter) tooOld(p *slot) bool {
	backlog := j.delay - j.target()
	return backlog > int64(j.codec.Rate.N(maxBacklog)) && j.shelf.first(p.seq+1) != nil
}

// account notes missing packets, or with 0 one that was there.
func (j *Jitter) account(missing int64) {
	const share = 1.0 / 64
	if missing == 0 {
		j.loss -= j.loss * share
		return
	}
	j.stats.Lost += uint64(missing)
	for range min(missing, shelfSlots) {
		j.loss += (1 - j.loss) * share
	}
}
