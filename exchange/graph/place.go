package graph

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tring/exchange/graph/leg"
)

// Meta's limits for calls to customers.
const (
	maxCalls     = 1000  // at once
	maxPerPerson = 100   // that connected, in a day
	maxPlaced    = 10000 // in a day
	day          = 24 * time.Hour
)

// noCalls are the countries whose numbers cannot call customers.
var noCalls = []string{"US", "CA", "EG", "VN", "NG"}

// connect places a call to a customer.
func (s *Server) connect(b callBody) (any, error) {
	if b.Session == nil || b.Session.SDP == "" || b.Session.Type != "offer" {
		return nil, refuse(131008, "session must have sdp_type offer and sdp")
	}
	h, err := s.reserve(b)
	if err != nil {
		return nil, err
	}
	l, err := leg.NewAnswer(s.legOptions(), b.Session.SDP)
	var bad *leg.Refusal
	if errors.As(err, &bad) {
		err = refuse(bad.Code, "%s", bad.Details)
	}
	c, err := s.placed(h, l, b, err)
	if err != nil {
		return nil, err
	}
	s.hold(-s.options.Timers.Answer)
	return object{"messaging_product": "whatsapp", "calls": []object{{"id": c.id}}}, nil
}

// placed begins the call that was reserved, or gives it up.
func (s *Server) placed(h *Handset, l *leg.Leg, b callBody, err error) (*call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.call
	if err != nil {
		h.call = nil
		return nil, err
	}
	c.leg, c.opaque, c.recording, c.began = l, b.Opaque, b.Recording.wanted(), s.clock.Now()
	if !s.keep(c) {
		h.call = nil
		return nil, errors.Join(errClosed, l.Close())
	}
	s.announce(c)
	return c, nil
}

// hold waits, unless the server closes.
func (s *Server) hold(d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}

func (s *Server) legOptions() leg.Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.legs
}

// reserve finds the customer and keeps them for the call, or says why not.
func (s *Server) reserve(b callBody) (*Handset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.recipient(b.To, b.Recipient)
	if err != nil {
		return nil, err
	}
	if err := s.mayCall(h); err != nil {
		return nil, err
	}
	h.call = &call{id: newID("wacid"), customer: h, state: Placed, over: make(chan struct{})}
	return h, nil
}

// mayCall makes all checks that come before the description's. s.mu is held.
func (s *Server) mayCall(h *Handset) error {
	now := s.clock.Now()
	switch b, p := s.options.Business, &h.book; {
	case s.business.settings.Status != enabled:
		return refuse(138000, "calling is not enabled on this number")
	case s.faults.RejectedCode != 0:
		return refuse(s.faults.RejectedCode, "a fault that was set")
	case s.isRestricted(restrictedDialling):
		return refuse(138014, "calls to customers are paused for this number")
	case slices.Contains(noCalls, b.Country):
		return refuse(138013, "calls to customers are not available for numbers from %s", b.Country)
	case h.who.NoCalls:
		return refuse(138001, "the recipient cannot be called")
	case h.blocked:
		return refuse(138001, "the recipient cannot be called")
	case !p.allowed(now):
		return refuse(138006, "the recipient has not allowed calls")
	case h.call != nil:
		return refuse(138003, "there is a call with this recipient already")
	case s.ongoing() >= maxCalls:
		return refuse(138002, "there are %d calls already", maxCalls)
	case s.placedSince(now.Add(-day)) >= maxPlaced:
		return refuse(138005, "%d calls were placed within a day", maxPlaced)
	case p.connectedSince(now.Add(-day)) >= maxPerPerson:
		return refuse(138012, "%d calls to this recipient connected within a day", maxPerPerson)
	}
	return nil
}

// recipient finds a customer as requests name them; a number wins. s.mu is held.
func (s *Server) recipient(to, userID string) (*Handset, error) {
	if strings.HasPrefix(to, "+") && s.options.Lax.Plus {
		to = to[1:]
	}
	switch {
	case to == "" && userID == "":
		return nil, refuse(131008, "to or recipient is needed")
	case to == s.options.Business.Number:
		return nil, refuse(131021, "the recipient is the sender")
	case to != "":
		if h, ok := s.customers[to]; ok {
			return h, nil
		}
		return nil, refuse(131030, "the recipient's number is not in the allowed list: digits only, no plus")
	}
	for _, h := range s.customers {
		if h.who.UserID == userID {
			return h, nil
		}
	}
	return nil, refuse(100, "recipient is not known")
}

func (s *Server) ongoing() (n int) {
	for _, c := range s.calls {
		if c.state != Over {
			n++
		}
	}
	return n
}

func (s *Server) placedSince(t time.Time) (n int) {
	for _, c := range s.calls {
		if !c.inbound && c.began.After(t) {
			n++
		}
	}
	return n
}

// announce plans what follows an accepted connect. s.mu is held.
func (s *Server) announce(c *call) {
	t := s.options.Timers
	tell := func() {
		s.tellConnect(c)
		s.later(c, t.Alert, func() { s.ring(c) })
	}
	if t.Answer > 0 {
		s.later(c, t.Answer, tell)
		return
	}
	tell()
}

// ring lets the customer's phone ring. s.mu is held.
func (s *Server) ring(c *call) {
	if c.move(alert) != nil {
		return
	}
	s.tellStatus(c, "RINGING", 0)
	s.later(c, s.options.Timers.Dial, func() { _ = s.end(c, timeout, nil) }) // later makes sure that it is not over
	c.customer.alert(c)
}

// unanswered counts calls that the customer did not take: two in a row make
// their app ask, four take the permission away. s.mu is held.
func (s *Server) unanswered(c *call, last step) {
	p := &c.customer.book
	if last != timeout && last != decline {
		return
	}
	p.streak++
	if p.streak == maxUnanswered {
		p.permanent, p.until = false, time.Time{}
		s.tellPermission(c.customer, object{"response": "reject", "response_source": "automatic"}, "")
	}
}

// maxUnanswered calls in a row take the permission away.
const maxUnanswered = 4
