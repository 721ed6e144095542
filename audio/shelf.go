package audio

// shelfSlots bounds how many packets wait to be decoded: 1.28 s of 20 ms. It
// is a power of two.
const shelfSlots = 64

// slot is one packet that waits for its turn.
type slot struct {
	full      bool
	seq       int64 // sequence number without wrap-around
	time      int64 // timestamp without wrap-around, samples at Codec.Rate
	samples   int   // how much sound it holds
	redundant bool  // it carries a copy of the packet before it
	n         int   // bytes
}

// shelf puts packets in order by sequence number.
type shelf struct {
	slots   [shelfSlots]slot
	payload [shelfSlots][MaxPayload]byte
	count   int
}

func (s *shelf) at(seq int64) *slot { return &s.slots[seq&(shelfSlots-1)] }

// has says whether packet seq is here already.
func (s *shelf) has(seq int64) bool {
	p := s.at(seq)
	return p.full && p.seq == seq
}

// put keeps a packet; the caller made sure that its place is free.
func (s *shelf) put(p slot, payload []byte) {
	p.full = true
	p.n = copy(s.payload[p.seq&(shelfSlots-1)][:], payload)
	*s.at(p.seq) = p
	s.count++
}

// first is the earliest packet from seq on, or nil.
func (s *shelf) first(seq int64) *slot {
	for i := int64(0); s.count > 0 && i < shelfSlots; i++ {
		if s.has(seq + i) {
			return s.at(seq + i)
		}
	}
	return nil
}

// bytes is the payload of p.
func (s *shelf) bytes(p *slot) []byte { return s.payload[p.seq&(shelfSlots-1)][:p.n] }

// drop frees p's place.
func (s *shelf) drop(p *slot) {
	p.full = false
	s.count--
}

// dropBefore frees everything before seq and returns how much that was.
func (s *shelf) dropBefore(seq int64) (n int) {
	for i := range s.slots {
		if p := &s.slots[i]; p.full && p.seq < seq {
			s.drop(p)
			n++
		}
	}
	return n
}
