package chat

import "time"

// reorderLimit is how long a reordered stanza waits for one to overtake it.
const reorderLimit = time.Second

// transmit sends a stanza to a device through the faults that are set. Called
// with the lock held, and with the device's link.
func (s *Server) transmit(d *device, n node) {
	if len(s.faults) == 0 && len(d.held) == 0 {
		d.link.push(n)
		return
	}
	names, callID := namesOf(&n)
	switch {
	case s.faultOn(FaultWithhold, d, callID, names...) != nil:
		return
	case s.faultOn(FaultReorder, d, callID, names...) != nil:
		d.held = append(d.held, n)
		s.later(reorderLimit, func() { d.release(n.Tag) })
		return
	}
	if f := s.faultOn(FaultDelay, d, callID, names...); f != nil {
		s.later(f.Delay, func() {
			if d.link != nil {
				d.link.push(n)
			}
		})
		return
	}
	if s.faultOn(FaultDuplicate, d, callID, names...) != nil {
		d.link.push(n)
	}
	d.link.push(n)
	d.release(n.Tag)
}

// release sends the stanzas with a tag that were overtaken.
func (d *device) release(tag string) {
	held := d.held
	d.held = nil
	for _, n := range held {
		switch {
		case n.Tag != tag:
			d.held = append(d.held, n)
		case d.link != nil:
			d.link.push(n)
		}
	}
}

// namesOf are the names by which a fault can select a stanza, and the call
// that it belongs to.
func namesOf(n *node) (names []string, callID string) {
	action := first(n)
	switch n.Tag {
	case "call":
		return []string{"call", action.Tag}, text(&action, "call-id")
	case "ack":
		names = []string{"ack", "ack/" + text(n, "class")}
		if kind := text(n, "type"); kind != "" {
			names = append(names, "ack/"+kind)
		}
		return names, text(&action, "call-id")
	}
	return []string{n.Tag}, ""
}
