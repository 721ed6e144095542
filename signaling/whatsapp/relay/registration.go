package relay

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"time"
)

// Timers of a leg.
const (
	// keepAlive is how often a leg registers and pings: relays forget a client
	// that was silent for 4 s (evidence: oxidezap/whatsapp-rust).
	keepAlive = time.Second
	// firstAnswer is how long an open leg may stay wholly silent before the
	// other port is tried (evidence: vinikjkkj/zapo).
	firstAnswer = 4 * time.Second
	// unresponsive is after how long without an answer a leg carries no more sound.
	unresponsive = 4 * time.Second
	// allocateTime is how long a registration may go unanswered.
	allocateTime = 10 * time.Second
	// deadAfter is how long a leg may hear no message at all before it is built
	// anew (evidence: WhatsApp Web's bundle).
	deadAfter = 10 * time.Second
)

// Why a leg is given up; it is dialled again.
var (
	errSilent       = errors.New("the relay has gone silent")
	errNoAnswer     = errors.New("the relay opened a channel but answers nothing on it")
	errNoMedia      = errors.New("the relay passes no sound of the other end on")
	errUnregistered = errors.New("the relay does not answer our registration")
)

// early are the extra registrations right after opening, because the channel
// repeats nothing that was lost.
var early = [...]time.Duration{150 * time.Millisecond, 500 * time.Millisecond}

// registration is what one open leg tells its relay and what it hears: pure
// bookkeeping, to be told the time.
type registration struct {
	key      string
	allocate stunMessage // the same bytes every time
	id       transaction // of allocate

	opened, sent time.Time
	extra        int // how many of early were sent

	heard      time.Time // anything at all
	allocated  time.Time // zero until the relay took us
	answered   time.Time // a ping or a registration, last
	refused    error
	rtt        time.Duration
	connection uint64 // the relay's name for the leg, for logs

	pings [4]ping // the last ones
	count uint32
}

type ping struct {
	message [stunHeader]byte
	sent    time.Time
}

// newRegistration prepares what a leg registers with.
func newRegistration(a allocation) registration {
	r := registration{key: a.Key}
	rand.Read(r.id[:])
	r.allocate = a.message(r.id)
	return r
}

// open starts the clock of a leg whose channel has just opened, and returns
// what is sent first.
func (r *registration) open(now time.Time) (first, second []byte) {
	r.opened, r.sent = now, now
	return r.allocate, r.ping(now)
}

// due returns what must be sent now, nil for nothing.
func (r *registration) due(now time.Time) (allocate, ping []byte) {
	if r.extra < len(early) && r.allocated.IsZero() && now.Sub(r.opened) >= early[r.extra] {
		r.extra++
		return r.allocate, nil
	}
	if now.Sub(r.sent) < keepAlive {
		return nil, nil
	}
	r.sent = now
	return r.allocate, r.ping(now)
}

// ping writes the next ping; its transaction is that of the registration with
// a counter over its last bytes.
func (r *registration) ping(now time.Time) []byte {
	r.count++
	p := &r.pings[r.count%uint32(len(r.pings))]
	p.sent = now
	id := r.id
	binary.BigEndian.PutUint32(id[8:], binary.BigEndian.Uint32(id[8:])+r.count)
	return newSTUN(p.message[:0], pingRequest, id)
}

// take reads a message of the relay and returns the answer it wants, if any,
// and whether the relay has just taken us.
func (r *registration) take(m stunMessage, now time.Time) (answer stunMessage, registered bool) {
	if !m.authentic(r.key) {
		return nil, false
	}
	switch m.kind() {
	case pingAnswer:
		r.takePong(m, now)
	case bindingRequest:
		return answerBinding(m.id(), r.key), false
	case allocateSuccess:
		return nil, m.id() == r.id && r.takeSuccess(m, now)
	case allocateError:
		if m.id() == r.id {
			r.refused = m.refusal()
		}
	}
	return nil, false
}

func (r *registration) takePong(m stunMessage, now time.Time) {
	for i := range r.pings {
		if p := &r.pings[i]; !p.sent.IsZero() && bytes.Equal(p.message[8:], m[8:20]) {
			r.answered, r.rtt = now, now.Sub(p.sent)
		}
	}
}

func (r *registration) takeSuccess(m stunMessage, now time.Time) (first bool) {
	r.answered = now
	if first = r.allocated.IsZero(); first {
		r.allocated = now
	}
	if r.rtt == 0 {
		r.rtt = now.Sub(r.opened)
	}
	if id, at := m.find(attrConnection); at != 0 && len(id) == 8 {
		r.connection = binary.BigEndian.Uint64(id)
	}
	return first
}

// usable reports whether sound may go over the leg.
func (r *registration) usable(now time.Time) bool {
	return !r.allocated.IsZero() && now.Sub(r.answered) < unresponsive
}

// verdict is why the leg must be given up, or nil.
func (r *registration) verdict(now time.Time) error {
	switch {
	case r.refused != nil:
		return r.refused
	case r.heard.IsZero() && now.Sub(r.opened) >= firstAnswer:
		return errNoAnswer
	case r.allocated.IsZero() && now.Sub(r.opened) >= allocateTime:
		return errUnregistered
	case !r.heard.IsZero() && now.Sub(r.heard) >= deadAfter:
		return errSilent
	}
	return nil
}
