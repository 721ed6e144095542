package relay

import "time"

// Timers are how long a relay believes a phone. The zero value of each field
// means its default.
type Timers struct {
	// Lease: a registration is forgotten this long after the leg's last packet
	// of any kind; 4 s was measured on a real relay.
	Lease time.Duration
	// Proof: a leg is closed when for this long it neither checked (ICE), nor
	// answered a consent request, nor registered again. Clients that stopped
	// proving themselves lost their calls after 20 to 22 s.
	Proof time.Duration
	// Consent is how often the relay asks the phone to prove itself; 5 s ±20 %
	// as RFC 7675 wants it. Negative asks never.
	Consent time.Duration
	// Handshake bounds DTLS and SCTP together.
	Handshake time.Duration
	// Linger is how long legs stay open after their call was released, so that
	// the hang-up reaches a phone by signalling first.
	Linger time.Duration
}

func (t Timers) withDefaults() Timers {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.Lease, 4 * time.Second},
		{&t.Proof, 20 * time.Second},
		{&t.Consent, 5 * time.Second},
		{&t.Handshake, 10 * time.Second},
		{&t.Linger, 2 * time.Second},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return t
}

// standing is what a leg's silence has cost it.
type standing int

const (
	inLease  standing = iota // all is well
	lapsed                   // registration forgotten, connection open
	unproven                 // to be closed
)

// judge says where a leg stands that was last heard and last proved itself at
// the given times. All times count from the cluster's start.
func (t Timers) judge(now, heard, proved time.Duration) standing {
	switch {
	case now-proved > t.Proof:
		return unproven
	case now-heard > t.Lease:
		return lapsed
	default:
		return inLease
	}
}

// consentTries is how many unanswered requests close a leg of a strict relay.
const consentTries = 3

// consent is the relay's own proof of a leg: one outstanding request.
type consent struct {
	next       time.Duration
	id         [12]byte
	unanswered int
}

// due says whether to ask now. spread in 0..1 places the next request within
// 80 % to 120 % of every.
func (c *consent) due(now, every time.Duration, spread float64) bool {
	if every < 0 || now < c.next {
		return false
	}
	first := c.next == 0
	c.next = now + time.Duration(float64(every)*(0.8+0.4*spread))
	return !first
}

// answered takes a success answer and says whether it was to our last request.
func (c *consent) answered(id [12]byte) bool {
	if c.unanswered == 0 || id != c.id {
		return false
	}
	c.unanswered = 0
	return true
}
