package graph

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tring/exchange/graph/leg"
)

// State is where a call is, as Meta sees it.
type State string

// The states. A call to the business begins as Offered, one to a customer as
// Placed.
const (
	Offered  State = "offered"  // the business has the offer; the customer hears ringback
	Prepared State = "prepared" // pre_accept came
	Placed   State = "placed"   // connect came; the answer is under way
	Alerting State = "alerting" // the customer's phone rings
	Talking  State = "talking"
	Over     State = "over"
)

// step is what moves a call.
type step string

const (
	preAccept step = "pre_accept" // of the business
	accept    step = "accept"
	reject    step = "reject"
	terminate step = "terminate"
	alert     step = "alert" // of the network
	timeout   step = "timeout"
	fail      step = "fail"
	answer    step = "answer" // of the customer
	decline   step = "decline"
	hangUp    step = "hang up"
)

// steps is the life of a call; what is not there is refused.
var steps = map[State]map[step]State{
	Offered:  {preAccept: Prepared, accept: Talking, reject: Over, terminate: Over, hangUp: Over, timeout: Over, fail: Over},
	Prepared: {accept: Talking, reject: Over, terminate: Over, hangUp: Over, timeout: Over, fail: Over},
	Placed:   {alert: Alerting, terminate: Over, fail: Over, timeout: Over},
	Alerting: {answer: Talking, decline: Over, terminate: Over, timeout: Over, fail: Over},
	Talking:  {terminate: Over, hangUp: Over, fail: Over},
	Over:     {},
}

// call is one call. Server.mu guards what changes.
type call struct {
	id       string
	inbound  bool // to the business
	customer *Handset
	leg      *leg.Leg
	began    time.Time // on the server's clock, as are the others
	opaque   string
	cta      string
	deeplink string

	state    State
	prepared string // the answer in pre_accept
	accepted time.Time
	ended    time.Time
	refused  bool // a customer declined
	failure  *refusal
	forget   []func() // timers
	// recording is what the business asked for.
	recording bool
	over      chan struct{} // closed when it is over
}

func newID(kind string) string {
	b := make([]byte, 24)
	rand.Read(b)
	return kind + "." + base64.StdEncoding.EncodeToString(b)
}

// errStep is a step that a call cannot take.
var errStep = errors.New("the call cannot do that now")

// move takes a step.
func (c *call) move(s step) error {
	to, ok := steps[c.state][s]
	if !ok {
		return fmt.Errorf("%w: %s while %s", errStep, s, c.state)
	}
	c.state = to
	return nil
}

// call finds a call by its id. s.mu is held.
func (s *Server) call(id string) *call {
	i := slices.IndexFunc(s.calls, func(c *call) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return s.calls[i]
}

// remembered is how many calls are kept after they are over.
const remembered = 1000

// errClosed is a call to or from a server that ends.
var errClosed = errors.New("the server is closed")

// keep adds a call and forgets the oldest; it refuses when the server closes.
// s.mu is held.
func (s *Server) keep(c *call) bool {
	if s.ctx.Err() != nil {
		return false
	}
	if len(s.calls) >= remembered {
		s.calls = slices.DeleteFunc(s.calls, func(c *call) bool { return c.state == Over })
	}
	s.calls = append(s.calls, c)
	return true
}

// running are the calls that are not over.
func (s *Server) running() (out []*call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.state != Over {
			out = append(out, c)
		}
	}
	return out
}

// shut ends a call without telling anybody: the server closes.
func (s *Server) shut(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.state != Over {
		c.state = Over
		s.release(c)
	}
}

// end takes a last step and tells the business. s.mu is held.
func (s *Server) end(c *call, last step, why *refusal) error {
	if err := c.move(last); err != nil {
		return err
	}
	c.ended, c.failure = s.clock.Now(), why
	if last == decline {
		c.refused = true
		s.tellStatus(c, "REJECTED", 0)
	}
	if !c.inbound {
		s.unanswered(c, last)
	}
	s.tellEnd(c)
	s.recorded(c)
	c.customer.finish(c, last)
	s.release(c)
	return nil
}

// release lets go of what a call holds. s.mu is held.
func (s *Server) release(c *call) {
	for _, f := range c.forget {
		f()
	}
	close(c.over)
	s.work.Go(func() {
		if err := c.leg.Close(); err != nil {
			s.options.Log.Warn("a relay's leg did not close well", "err", err)
		}
	})
}

// later plans something for a call, on the server's clock. s.mu is held.
func (s *Server) later(c *call, d time.Duration, does func()) {
	c.forget = append(c.forget, s.clock.after(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.state != Over && s.ctx.Err() == nil {
			does()
		}
	}))
}

// talk is the moment from which sound passes. s.mu is held.
func (s *Server) talk(c *call) {
	c.accepted = s.clock.Now()
	c.leg.Accept()
	c.customer.connect(c)
	s.work.Go(func() { s.watch(c) })
}

// watchBeat is how often the media of a call is looked at.
const watchBeat = 50 * time.Millisecond

// watch ends a call whose business sends nothing.
func (s *Server) watch(c *call) {
	beat := time.NewTicker(watchBeat)
	defer beat.Stop()
	for {
		select {
		case <-c.over:
			return
		case <-beat.C:
		}
		if why := s.silent(c); why != nil {
			s.mu.Lock()
			// It may be over since; then there is nothing to end.
			_ = s.end(c, fail, why)
			s.mu.Unlock()
			return
		}
	}
}

// silent is why a call has to end, or nil.
func (s *Server) silent(c *call) *refusal {
	r := c.leg.Report()
	media, any, spoken := r.Silence(time.Now())
	switch t := s.options.Timers; {
	case !spoken && media > t.Silent && !r.Connected:
		return refuse(138019, "the path to the business never stood")
	case !spoken && media > t.Silent:
		return refuse(138021, "the business sent no media for %v", t.Silent)
	case spoken && any > t.Lost:
		return refuse(138021, "the business sent nothing for %v", t.Lost)
	}
	return nil
}

// unix writes a time as webhooks do.
func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
