package relay

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"
)

// memoryNet is a network of relays in memory: what relays do to the messages
// of a call of two, without anything below the channel, so that tests can run
// in virtual time.
type memoryNet struct {
	mu     sync.Mutex
	relays map[netip.AddrPort]*memoryRelay
}

// memoryRelay forwards between the two ends that registered with it.
type memoryRelay struct {
	net    *memoryNet
	tokens map[string]int // token to end
	key    string
	legs   []*memoryLeg

	refuse    int           // answers registrations with this code
	frozen    bool          // takes everything, sends nothing
	gone      bool          // cannot be dialled
	deaf      bool          // answers, but forwards nothing
	echoes    bool          // sends back to the sender
	soundless bool          // forwards reports alone
	loss      float64       // share of messages lost, each way
	delay     time.Duration // each way
	consent   int           // answers to our Binding requests
	bound     int           // Binding requests of clients
	media     [2]int        // packets of sound that each end sent here
	dialled   int
}

// memoryLeg is a channel to a memoryRelay.
type memoryLeg struct {
	relay  *memoryRelay
	end    int // 0 or 1 once registered, else -1
	inbox  chan []byte
	closed chan struct{}
	once   sync.Once
	err    error
}

var errNobody = errors.New("nobody is there")

func (n *memoryNet) dial(ctx context.Context, to target) (channel, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.relays[to.Addr]
	if r == nil || r.gone {
		return nil, errNobody
	}
	r.dialled++
	l := &memoryLeg{relay: r, end: -1, inbox: make(chan []byte, 256), closed: make(chan struct{})}
	r.legs = append(r.legs, l)
	return l, nil
}

func (l *memoryLeg) Send(message []byte) error {
	l.relay.net.mu.Lock()
	defer l.relay.net.mu.Unlock()
	if l.isClosed() || rand.Float64() < l.relay.loss {
		return nil
	}
	l.relay.take(l, append([]byte(nil), message...))
	return nil
}

func (l *memoryLeg) Receive(buffer []byte) (int, error) {
	select {
	case m := <-l.inbox:
		return copy(buffer, m), nil
	case <-l.closed:
		return 0, l.err
	}
}

func (l *memoryLeg) Backlog() int { return 0 }

func (l *memoryLeg) Close() error {
	l.fail(io.ErrClosedPipe)
	return nil
}

func (l *memoryLeg) fail(err error) {
	l.once.Do(func() { l.err = err; close(l.closed) })
}

func (l *memoryLeg) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

// take does what a relay does with one message.
func (r *memoryRelay) take(l *memoryLeg, m []byte) {
	if r.frozen {
		return
	}
	if classify(m) != stunClass {
		if l.end >= 0 && classify(m) == rtpClass {
			r.media[l.end]++
		}
		if l.end >= 0 && !r.deaf && !(r.soundless && classify(m) == rtpClass) {
			to := 1 - l.end
			if r.echoes {
				to = l.end
			}
			r.forward(to, m)
		}
		return
	}
	msg, err := parseSTUN(m)
	if err != nil {
		return
	}
	switch msg.kind() {
	case pingRequest:
		r.send(l, newSTUN(nil, pingAnswer, msg.id()))
	case bindingSuccess:
		r.consent++
	case bindingRequest:
		r.bound++
	case allocateRequest:
		r.send(l, r.allocate(l, msg))
	}
}

func (r *memoryRelay) allocate(l *memoryLeg, m stunMessage) []byte {
	token, _ := m.find(attrToken)
	end, known := r.tokens[string(token)]
	switch {
	case r.refuse != 0:
		code := []byte{0, 0, byte(r.refuse / 100), byte(r.refuse % 100)}
		return newSTUN(nil, allocateError, m.id()).attribute(attrErrorCode, code)
	case !known || !m.authentic(r.key):
		return nil
	}
	l.end = end
	return newSTUN(nil, allocateSuccess, m.id()).attribute(attrConnection, []byte("12345678")).integrity(r.key)
}

// forward sends to the newest leg of an end.
func (r *memoryRelay) forward(end int, m []byte) {
	for i := len(r.legs) - 1; i >= 0; i-- {
		if l := r.legs[i]; l.end == end && !l.isClosed() {
			r.send(l, m)
			return
		}
	}
}

func (r *memoryRelay) send(l *memoryLeg, m []byte) {
	if m == nil || rand.Float64() < r.loss {
		return
	}
	deliver := func() {
		select {
		case l.inbox <- m:
		default:
		}
	}
	if r.delay == 0 {
		deliver()
		return
	}
	time.AfterFunc(r.delay, deliver)
}

// fault changes a relay while it works.
func (r *memoryRelay) fault(change func(r *memoryRelay)) {
	r.net.mu.Lock()
	defer r.net.mu.Unlock()
	change(r)
}

// ask sends a message to every leg, as a relay that checks for consent.
func (r *memoryRelay) ask(m []byte) {
	r.fault(func(r *memoryRelay) {
		for _, l := range r.legs {
			r.send(l, m)
		}
	})
}

// kill breaks every leg of a relay, as a lost process does.
func (r *memoryRelay) kill(why error) {
	r.fault(func(r *memoryRelay) {
		for _, l := range r.legs {
			l.fail(why)
		}
		r.legs = nil
		r.gone = true
	})
}
