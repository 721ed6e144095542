package graph

import (
	"context"
	"errors"
	"time"

	"tring/exchange/graph/leg"
)

// Dial says how a customer comes to call the business.
type Dial struct {
	Button   string `json:"button,omitempty"`   // id of a message with a call button
	Deeplink string `json:"deeplink,omitempty"` // payload of a link wa.me/call/…
}

// Why a customer cannot do something.
var (
	ErrBusy    = errors.New("the customer is in a call")
	ErrNoCall  = errors.New("the customer has no such call")
	ErrClosed  = errors.New("the business takes no calls now; the app offers to chat")
	ErrExpired = errors.New("the call button has expired, or there is none")
)

// Call calls the business and gives back the call's id. The app plays ringback
// at once.
func (h *Handset) Call(d Dial) (id string, err error) {
	s := h.server
	c, err := h.pick(d)
	if err != nil {
		return "", err
	}
	l, err := leg.NewOffer(s.legOptions())
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && !s.keep(c) {
		err = errors.Join(errClosed, l.Close())
	}
	if err != nil {
		h.call = nil
		return "", err
	}
	c.leg = l
	h.book.window = c.began.Add(s.options.Timers.Window)
	h.show(Calling, c.id, "Calling…")
	s.tellConnect(c)
	s.later(c, s.options.Timers.Ring, func() { s.missed(c) })
	return c.id, nil
}

// pick makes the app's checks and keeps the phone for the call.
func (h *Handset) pick(d Dial) (*call, error) {
	s := h.server
	s.mu.Lock()
	defer s.mu.Unlock()
	cta, err := h.tapped(d.Button)
	switch {
	case err != nil:
		return nil, err
	case h.call != nil:
		return nil, ErrBusy
	case !s.takesCalls():
		return nil, ErrClosed
	}
	h.call = &call{
		id: newID("wacid"), inbound: true, customer: h, began: s.clock.Now(), state: Offered,
		cta: cta, deeplink: d.Deeplink, over: make(chan struct{}),
	}
	return h.call, nil
}

// tapped finds a call button's payload. s.mu is held.
func (h *Handset) tapped(id string) (payload string, err error) {
	if id == "" {
		return "", nil
	}
	m, ok := h.server.messages[id]
	if !ok || m.to != h || m.kind != "voice_call" || h.server.clock.Now().After(m.expires) {
		return "", ErrExpired
	}
	return m.payload, nil
}

// takesCalls says whether the app shows the business's call button. s.mu is held.
func (s *Server) takesCalls() bool {
	b, now := &s.business, s.clock.Now()
	return b.settings.Status == enabled && !b.sip && b.settings.Hours.open(now) && !s.isRestricted(restrictedCalls)
}

// missed ends a call that the business did not take in time. s.mu is held.
func (s *Server) missed(c *call) {
	if c.state == Talking {
		return
	}
	var why *refusal
	if s.faults.TimeoutFails {
		why = refuse(138007, "nobody accepted in time")
	}
	_ = s.end(c, timeout, why) // it is neither over nor talking
}

// Answer takes the call that rings.
func (h *Handset) Answer() error {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	if h.call == nil {
		return ErrNoCall
	}
	return h.take(h.call)
}

// take answers. s.mu is held.
func (h *Handset) take(c *call) error {
	if err := c.move(answer); err != nil {
		return err
	}
	s := h.server
	now := s.clock.Now()
	h.served(now)
	h.book.connected = append(h.book.connected, now)
	if !s.faults.NoAccepted {
		s.tellStatus(c, "ACCEPTED", s.options.Timers.Accept)
	}
	s.talk(c)
	return nil
}

// Decline refuses the call that rings.
func (h *Handset) Decline() error { return h.leave(decline) }

// HangUp ends the call, or gives it up.
func (h *Handset) HangUp() error { return h.leave(hangUp) }

func (h *Handset) leave(last step) error {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	if h.call == nil || h.call.leg == nil {
		return ErrNoCall
	}
	return h.server.end(h.call, last, nil)
}

// Press presses keys on the keypad, each for 100 ms, and returns after the last.
func (h *Handset) Press(ctx context.Context, digits string) error {
	h.server.mu.Lock()
	c := h.call
	talking := c != nil && c.state == Talking
	h.server.mu.Unlock()
	if !talking {
		return ErrNoCall
	}
	return c.leg.Press(ctx, digits)
}

// maxBodyText bounds what a customer may write.
const maxBodyText = maxText

// SendText writes to the business; that opens the window for its messages.
func (h *Handset) SendText(text string) error {
	if text == "" || len(text) > maxBodyText {
		return errors.New("a text has 1 to 4096 bytes")
	}
	s := h.server
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	h.book.window = now.Add(s.options.Timers.Window)
	m := object{"id": newID("wamid"), "timestamp": unix(now), "type": "text", "text": object{"body": text}}
	h.name(m, "from")
	value := s.value(h)
	value["messages"] = []object{m}
	s.tell("messages", "text", m["id"].(string), value)
	return nil
}

// Report is what the relay saw of the client in a call.
type Report struct {
	ID       string     `json:"id"`
	Inbound  bool       `json:"inbound"`
	Customer string     `json:"customer"`
	State    State      `json:"state"`
	Began    time.Time  `json:"began"`
	Accepted time.Time  `json:"accepted,omitzero"`
	Ended    time.Time  `json:"ended,omitzero"`
	Failure  int        `json:"failure,omitempty"` // code
	Media    leg.Report `json:"media"`
	Faults   []string   `json:"faults"` // of the client; empty for a good one
}

func (c *call) report() Report {
	r := Report{
		ID: c.id, Inbound: c.inbound, Customer: c.customer.who.Number, State: c.state, Began: c.began,
		Accepted: c.accepted, Ended: c.ended, Media: c.leg.Report(),
	}
	if c.failure != nil {
		r.Failure = c.failure.code
	}
	r.Faults = r.Media.Faults()
	return r
}

// Calls are the reports of all calls, oldest first.
func (s *Server) Calls() []Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Report{}
	for _, c := range s.calls {
		out = append(out, c.report())
	}
	return out
}

// Call is the report of one call.
func (s *Server) Call(id string) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.call(id); c != nil {
		return c.report(), nil
	}
	return Report{}, ErrNoCall
}
