package audio

// order extends sequence numbers and timestamps beyond their wrap-around and
// notices a sender that starts over (RFC 3550 appendix A.1).
type order struct {
	known bool
	seq   int64 // highest so far
	time  int64 // its timestamp, units of the RTP clock
	wild  uint16
	seen  bool // wild is the packet expected after an unbelievable one
}

// believable bounds a jump of the sequence number: three seconds of 20 ms.
const believable = 150

type placing int

const (
	inOrder placing = iota
	unbelievable
	startedOver
)

// place says where a packet belongs. Two successive packets far away mean that
// the sender started over; one alone means nothing.
func (o *order) place(p *Packet) (seq, time int64, as placing) {
	if !o.known {
		o.restart(p)
		return o.seq, o.time, startedOver
	}
	jump := int64(int16(p.Sequence - uint16(o.seq)))
	if jump > believable || jump < -believable {
		if !o.seen || p.Sequence != o.wild {
			o.wild, o.seen = p.Sequence+1, true
			return 0, 0, unbelievable
		}
		o.restart(p)
		return o.seq, o.time, startedOver
	}
	o.seen = false
	seq = o.seq + jump
	time = o.time + int64(int32(p.Timestamp-uint32(o.time)))
	if jump > 0 {
		o.seq, o.time = seq, time
	}
	return seq, time, inOrder
}

func (o *order) restart(p *Packet) {
	// Room below, so that packets from before the first one keep their order.
	*o = order{known: true, seq: int64(p.Sequence) + 1<<16, time: int64(p.Timestamp) + 1<<32}
}

// Push takes a packet as it arrived. The payload is copied.
func (j *Jitter) Push(p *Packet) {
	j.stats.Received++
	if len(p.Payload) == 0 || len(p.Payload) > MaxPayload {
		j.stats.Dropped++
		return
	}
	samples, err := j.dec.Duration(p.Payload)
	if err != nil || samples > j.codec.Rate.N(maxPacket) {
		samples = 0 // not of this codec, whatever it is
	}
	seq, clock, as := j.order.place(p)
	if as == unbelievable {
		j.stats.Dropped++
		return
	}
	time := clock * int64(j.codec.Rate) / int64(j.codec.ClockRate)
	if as == startedOver {
		j.startOver(seq)
	}
	if !j.verdict.mine(seq, time, samples, p.Payload[0]) {
		j.stats.OtherCodec++
		return
	}
	j.keep(slot{seq: seq, time: time, samples: samples}, p.Payload)
}

// startOver forgets the sender's old numbers; the sound goes on.
func (j *Jitter) startOver(seq int64) {
	if j.stats.Received > 1 {
		j.stats.Resyncs++
	}
	j.stats.Dropped += uint64(j.shelf.dropBefore(1 << 62))
	j.arrivals.reset()
	j.verdict = verdict{frame: j.verdict.frame}
	j.fresh, j.next = true, seq
}

// keep puts a packet on the shelf, if it is of any use there.
func (j *Jitter) keep(p slot, payload []byte) {
	switch {
	case j.fresh && p.seq < j.next && j.next-p.seq < shelfSlots/2:
		j.next = p.seq // came before the first one was played
	case p.seq < j.next:
		j.stats.Late++
		j.arrivals.add(j.pulled, p.time)
		return
	case j.shelf.has(p.seq):
		j.stats.Duplicate++
		return
	case p.seq >= j.next+shelfSlots:
		j.makeRoom(p.seq)
	}
	if p.seq < j.order.seq {
		j.stats.Reordered++
	}
	j.watch(&p, payload)
	j.shelf.put(p, payload)
}

// makeRoom gives up the oldest packets in favour of seq.
func (j *Jitter) makeRoom(seq int64) {
	from := j.next
	j.next = seq - shelfSlots + 1
	j.shelf.dropBefore(j.next)
	j.account(j.next - from)
}

// watch learns from an arrival: how late it is, and whether it is redundant.
func (j *Jitter) watch(p *slot, payload []byte) {
	if !j.sane(p.time) {
		j.stats.Resyncs++
		j.arrivals.reset()
		j.fresh = true
	}
	j.arrivals.add(j.pulled, p.time)
	p.redundant = j.fec != nil && j.fec.HasFEC(payload)
	if p.redundant {
		j.redundant = shelfSlots
	} else if j.redundant > 0 {
		j.redundant--
	}
}

// sane says that a timestamp fits those before it. A sender may jump with its
// clock; three seconds of waiting for it would be three seconds of silence.
func (j *Jitter) sane(time int64) bool {
	if j.arrivals.n == 0 {
		return true
	}
	off := j.pulled - time - j.arrivals.lastLate
	limit := int64(3 * j.codec.Rate)
	return off < limit && off > -limit
}
