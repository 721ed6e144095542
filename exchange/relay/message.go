package relay

import (
	"bytes"
	"crypto/rand"
	mathrand "math/rand/v2"
	"time"

	"github.com/pion/sctp"
)

// Data channel establishment (RFC 8832): a phone may open the channel in band.
const (
	channelOpen = 0x03
	channelAck  = 0x02
)

// receive handles one message of the channel.
func (l *leg) receive(stream *sctp.Stream, ppid sctp.PayloadProtocolIdentifier, b []byte) {
	if ppid == sctp.PayloadTypeWebRTCDCEP {
		if len(b) > 0 && b[0] == channelOpen {
			_, _ = stream.WriteSCTP([]byte{channelAck}, sctp.PayloadTypeWebRTCDCEP)
		}
		return
	}
	l.stream.Store(stream)
	switch classify(b) {
	case stunPacket:
		l.stun(b)
	case mediaPacket:
		l.forward(b)
	default:
		l.relay.refuse(malformed, "a message is neither STUN nor media")
	}
}

type packetKind int

const (
	unknownPacket packetKind = iota
	stunPacket
	mediaPacket // RTP or RTCP
)

// classify tells channel messages apart by their first two bytes (RFC 7983,
// RFC 5761). Anything that claims version 2 is media; the relay cannot and
// need not look further.
func classify(b []byte) packetKind {
	switch {
	case len(b) < 2:
		return unknownPacket
	case b[0]&0xC0 == 0 && len(b) >= stunHeader:
		return stunPacket
	case b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223 && len(b) >= 8, b[0]>>6 == 2 && len(b) >= 12:
		return mediaPacket
	}
	return unknownPacket
}

// forward hands media to the other side of the call, unchanged.
func (l *leg) forward(b []byte) {
	s := l.seat.Load()
	if s == nil || l.allocated.Load() == 0 {
		l.relay.add(droppedUnproved, 1)
		return
	}
	l.media.Store(int64(l.relay.cluster.now()))
	to, outcome := s.call.route(s, !l.relay.cluster.options.OnlyToSpeakers)
	if to != nil && !to.write(b) {
		outcome = droppedBacklog
	}
	l.relay.add(outcome, 1)
	if outcome == forwarded {
		l.relay.add(forwardedBytes, len(b))
	}
}

// maxBacklog bounds the bytes that wait for a phone which does not acknowledge;
// media beyond it is dropped, answers to STUN are not.
const maxBacklog = 1 << 16

// write sends media to the phone; false means that it was dropped.
func (l *leg) write(b []byte) bool {
	stream := l.stream.Load()
	if stream == nil || stream.BufferedAmount() > maxBacklog {
		return false
	}
	_, err := stream.WriteSCTP(b, sctp.PayloadTypeWebRTCBinary)
	return err == nil
}

// answer sends a STUN message to the phone.
func (l *leg) answer(w *stunWriter) {
	if stream := l.stream.Load(); stream != nil {
		// A channel that has just closed needs no answer any more.
		_, _ = stream.WriteSCTP(w.b, sctp.PayloadTypeWebRTCBinary)
	}
}

// stun handles a STUN message of the channel.
func (l *leg) stun(b []byte) {
	m, err := parseStun(b)
	if err != nil {
		l.relay.refuse(malformed, "a message is no proper STUN")
		return
	}
	switch m.kind {
	case pingRequest:
		l.relay.add(pings, 1)
		l.answer(newStun(pingAnswer, m.id))
	case allocateRequest:
		l.allocate(m)
	case bindingRequest:
		l.register(m)
	case bindingSuccess:
		l.consented(m)
	default:
		l.relay.refuse(malformed, "a STUN message has a type that phones do not send", "type", m.kind)
	}
}

// Allocate errors as phones have seen them (evidence: vinikjkkj/zapo).
const (
	badIntegrity  = 401
	wrongEndpoint = 452
	badToken      = 456
)

// allocate registers the leg for its token, or says why not.
func (l *leg) allocate(m stunMessage) {
	if s := l.seat.Load(); s != nil && s.over(l.relay.cluster.now(), 0) {
		return // the phone will hear of the hang-up in a moment
	}
	s, code, reason := l.admission(m)
	if code != 0 {
		l.relay.refuse(allocatesRefused, "a registration", "code", code, "reason", reason)
		l.answer(newStun(allocateError, m.id).errorCode(code, reason))
		return
	}
	l.relay.add(allocates, 1)
	l.proveUnlessStrict()
	if l.allocated.Load() == 0 {
		l.allocated.Store(int64(l.relay.cluster.now()))
	}
	l.answer(newStun(allocateSuccess, m.id).add(attrRouting, l.routing[:]).integrity(s.call.key))
}

// admission checks a registration: its token, its integrity under the call's
// password, its endpoint, and that the leg proved no other token before.
func (l *leg) admission(m stunMessage) (*seat, int, string) {
	token, _ := m.attribute(attrToken)
	s := l.relay.seatByToken(token)
	switch {
	case l.seat.Load() != nil && !m.verify(l.seat.Load().call.key):
		return nil, badIntegrity, "integrity check failed"
	case s == nil:
		return nil, badToken, "unknown token"
	case !m.verify(s.call.key):
		return nil, badIntegrity, "integrity check failed"
	case !s.isEndpoint(m):
		return nil, wrongEndpoint, "the endpoint is not this relay"
	case !l.claim(s):
		return nil, badIntegrity, "this connection belongs to another token"
	case !s.sit(l):
		return nil, badToken, "the token is held by too many connections"
	}
	return s, 0, ""
}

// isEndpoint says whether the endpoint that a phone names is this relay, as it
// was advertised to the phone; a message without one is fine.
func (s *seat) isEndpoint(m stunMessage) bool {
	value, found := m.attribute(attrEndpoint)
	if !found {
		return true
	}
	if s.endpoint.Addr.Addr().Is4() {
		return bytes.Equal(value, xorAddress(s.endpoint.Addr, m.id[:]))
	}
	return bytes.Equal(value, xorAddressSwapped(s.endpoint.Addr, m.id[:]))
}

// register answers a Binding on the channel, by which some phones renew their
// registration. Integrity is optional but must hold where it is.
func (l *leg) register(m stunMessage) {
	s := l.seat.Load()
	if m.has(attrIntegrity) && (s == nil || !m.verify(s.call.key)) {
		l.relay.refuse(bindingsRefused, "a Binding whose integrity does not hold")
		l.answer(newStun(bindingError, m.id).errorCode(badIntegrity, "integrity check failed"))
		return
	}
	l.relay.add(bindings, 1)
	answer := newStun(bindingSuccess, m.id)
	if s != nil && m.has(attrIntegrity) {
		l.proveUnlessStrict()
	}
	if s != nil {
		answer.integrity(s.call.key)
	}
	l.answer(answer.fingerprint())
}

// askConsent sends the relay's own request when it is due; a strict relay
// gives up on a leg that left three unanswered.
func (l *leg) askConsent(now, every time.Duration) {
	s := l.seat.Load()
	if s == nil || l.stream.Load() == nil {
		return
	}
	l.mu.Lock()
	due := l.consent.due(now, every, mathrand.Float64())
	if due {
		l.consent.unanswered++
		rand.Read(l.consent.id[:])
	}
	id, unanswered := l.consent.id, l.consent.unanswered
	l.mu.Unlock()
	if due && unanswered > consentTries && l.relay.cluster.options.StrictConsent {
		l.relay.add(consentsLost, 1)
		l.close("the phone answered no consent request")
		return
	}
	if due {
		l.relay.add(consents, 1)
		l.answer(newStun(bindingRequest, id).add(attrUsername, []byte(s.call.id)).integrity(s.call.key).fingerprint())
	}
}

// consented takes the answer to a consent request.
func (l *leg) consented(m stunMessage) {
	s := l.seat.Load()
	if s == nil || !m.verify(s.call.key) {
		l.relay.refuse(malformed, "a consent answer whose integrity does not hold")
		return
	}
	l.mu.Lock()
	ours := l.consent.answered(m.id)
	l.mu.Unlock()
	if ours {
		l.prove()
	}
}
