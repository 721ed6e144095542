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
	trim   int        // maxTrim in samples
	chunk  int        // samples invented at a time while nothing comes

	shelf    shelf
	arrivals arrivals
	order    order
	verdict  verdict
	playout  playout
	stretch  stretcher
	conceal  concealer
	pace     pace

	begun  bool  // something has been decoded
	said   bool  // the packet before was left out whole, as said already
	fresh  bool  // the next packet begins the stream, or begins it anew
	next   int64 // sequence number to be decoded next
	delay  int64 // hand-out position − timestamp of what is decoded next
	pulled int64 // samples handed out

	loss      float64 // share of packets, smoothed
	concealed float64 // share of sound, smoothed
	invented  int     // samples since the last Pull
	redundant int     // packets until we believe that no copies are sent
	patient   int     // packets until a copy is not waited for any more
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
	// maxTrim is how late sound may come and still be left out rather than
	// played late.
	maxTrim = 40 * time.Millisecond
	// concealedOver is how many Pulls the concealed share is smoothed over.
	concealedOver = 500
)

// NewJitter makes a buffer for a stream of c, decoded by dec.
func NewJitter(c Codec, dec Decoder) *Jitter {
	frame, st := c.Rate.N(c.Frame), newStretcher(c.Rate)
	fec, _ := dec.(redundancy)
	return &Jitter{
		codec: c, dec: dec, fec: fec, frame: frame,
		period: c.Rate.N(Period), maxLag: int64(c.Rate.N(maxTarget)), trim: c.Rate.N(maxTrim),
		chunk:    c.Rate.N(min(c.Frame, 20*time.Millisecond)),
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
		j.invent(j.chunk)
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
	j.begun, j.fresh, j.next = true, false, p.seq
	j.delay = j.end() - p.time
}

// play decodes p, whose turn it is or was a while ago.
func (j *Jitter) play(p *slot) {
	late := int(j.end() - p.time - j.delay)
	if missing := p.seq - j.next; missing > 0 {
		j.account(missing)
	}
	j.next = p.seq + 1
	if j.tooOld(p, late) {
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
	j.stats.Decoded++
	n = j.settle(out[:n], late)
	j.playout.grow(n)
}

// settle decides what becomes of sound that comes late. When the next packet is
// in time all of it is taken for said, since it has been concealed; the decoder
// has learnt from it at least. Else the delay grows up to its target: the gap
// has been heard already. Beyond that a little is taken for said, and more makes
// the delay grow further, so that no word is lost. Two whole packets in a row
// are never left out: where every packet comes one packet late, that would be
// silence for ever. It returns how much of out remains.
func (j *Jitter) settle(out []int16, late int) (n int) {
	cut, beyond, goesOn := 0, late, j.nextInTime()
	if !goesOn {
		beyond -= int(min(max(j.target()-j.delay, 0), int64(late)))
	}
	whole := beyond >= len(out) // nothing of it would remain
	if beyond > 0 && (late <= j.trim || goesOn) && !(whole && j.said) {
		cut = min(beyond, len(out))
	}
	j.said = whole && cut > 0
	j.delay += int64(late - cut)
	n = copy(out, out[cut:])
	if j.conceal.run > 0 && n > 0 {
		j.conceal.end(out[:n], &j.playout, &j.stretch)
	}
	return n
}

// nextInTime says that the next packet is here, and not much late.
func (j *Jitter) nextInTime() bool {
	p := j.shelf.first(j.next)
	return p != nil && p.seq == j.next && j.end()-p.time-j.delay <= int64(j.trim)
}

// tooOld says that catching up from p would take too long, and that there is
// something newer.
func (j *Jitter) tooOld(p *slot, late int) bool {
	backlog := j.delay + int64(late) - j.target()
	return backlog > int64(j.codec.Rate.N(maxBacklog)) && j.shelf.first(p.seq+1) != nil
}

// account notes missing packets, or with 0 one that was there.
func (j *Jitter) account(missing int64) {
	const share = 1.0 / 64
	if missing == 0 {
		j.loss -= j.loss * share
		j.patient = max(0, j.patient-1)
		return
	}
	j.stats.Lost += uint64(missing)
	for range min(missing, shelfSlots) {
		j.loss += (1 - j.loss) * share
	}
	if j.loss > fecLoss(j.codec.Frame) {
		j.patient = int(calmAfter / j.codec.Frame)
	}
}
