package relay

import (
	"bytes"
	"net/netip"
)

// check answers a connectivity check (RFC 8445 section 7.3, lite). The user
// name before the colon must be a credential that the relay gave out and the
// integrity must hold under that call's password, else there is no answer: a
// real relay leaves such a phone without connection, too.
func (r *Relay) check(b []byte, from netip.AddrPort) {
	m, err := parseStun(b)
	if err != nil || m.kind != bindingRequest {
		r.refuse(malformed, "a datagram is no connectivity check")
		return
	}
	s := r.authenticate(m)
	if s == nil {
		r.refuse(bindingsRefused, "a connectivity check has an unknown user name or a wrong password")
		return
	}
	l := r.bind(s, from)
	if l == nil {
		r.refuse(bindingsRefused, "the address of a connectivity check belongs to another call", "call", s.call.id)
		return
	}
	r.add(bindings, 1)
	l.check(m)
}

// authenticate finds the seat that a check proves.
func (r *Relay) authenticate(m stunMessage) *seat {
	name, _ := m.attribute(attrUsername)
	credential, _, found := bytes.Cut(name, []byte{':'})
	if !found {
		return nil
	}
	s := r.seatByUsername(credential)
	if s == nil || !m.verify(s.call.key) {
		return nil
	}
	return s
}

// bind gives an address the seat that it proved, or nil if it has another.
func (r *Relay) bind(s *seat, from netip.AddrPort) *leg {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.legs[from]
	if l == nil {
		l = r.newLeg(from)
	}
	if l == nil || !l.claim(s) {
		return nil
	}
	return l
}

// check answers one authenticated check. It may get lost on its way up; what
// else a bad path does to it is done to the answer.
func (l *leg) check(m stunMessage) {
	if p := l.relay.pathTo(l); p != nil && p.Up.Loss > 0 {
		lossOnly := Path{Loss: p.Up.Loss, Seed: p.Up.Seed}
		if l.up.plan(l.relay.cluster.now(), len(m.raw), lossOnly).copies == 0 {
			l.relay.add(droppedPath, 1)
			return
		}
	}
	l.hear()
	l.proveUnlessStrict()
	l.transmit(newStun(bindingSuccess, m.id).mapped(l.remote).integrity(l.seat.Load().call.key).fingerprint().b)
}
