package relay

import "time"

const (
	// holdTime is how long a packet that fits no key waits for another key.
	holdTime = 2 * time.Second
	// holdSize bounds how many wait; it is two seconds of sound.
	holdSize = 32
)

// hold keeps the latest packets that could not be opened, because the device
// that answered is heard before signalling has named it.
type hold struct {
	ring [holdSize]heldPacket
	next int
}

type heldPacket struct {
	leg    *leg
	at     time.Time
	packet []byte // its array is used again
}

func (h *hold) keep(l *leg, packet []byte, now time.Time) {
	p := &h.ring[h.next]
	h.next = (h.next + 1) % holdSize
	p.leg, p.at = l, now
	p.packet = append(p.packet[:0], packet...)
}

// replay hands over what is still fresh, oldest first, and forgets everything.
func (h *hold) replay(now time.Time, open func(l *leg, packet []byte)) {
	old := *h
	*h = hold{}
	for i := range old.ring {
		p := &old.ring[(old.next+i)%holdSize]
		if p.leg != nil && now.Sub(p.at) < holdTime {
			open(p.leg, p.packet)
		}
	}
}
