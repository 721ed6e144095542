package graph

import (
	"errors"

	"tring/exchange/graph/leg"
)

// maxOpaque is how long a call's tag may be.
const maxOpaque = 512

// session is a description.
type session struct {
	Type string `json:"sdp_type"`
	SDP  string `json:"sdp"`
}

// recording asks Meta to record or to write down a call.
type recording struct {
	Status   string `json:"status"`
	Purpose  string `json:"purpose"`
	Language string `json:"announcement_language"`
}

// callBody is what is posted to calls.
type callBody struct {
	Product       string     `json:"messaging_product"`
	To            string     `json:"to"`
	Recipient     string     `json:"recipient"`
	CallID        string     `json:"call_id"`
	Action        string     `json:"action"`
	Session       *session   `json:"session"`
	Opaque        string     `json:"biz_opaque_callback_data"`
	Recording     *recording `json:"recording"`
	Transcription *recording `json:"transcription"`
}

// actions are what can be posted to calls.
var actions = map[string]func(*Server, callBody) (any, error){
	"connect":    (*Server).connect,
	"pre_accept": (*Server).preAccept,
	"accept":     (*Server).accept,
	"reject":     (*Server).reject,
	"terminate":  (*Server).terminate,
}

func (s *Server) postCall(r *request) (any, error) {
	b, err := read[callBody](s, r)
	if err != nil {
		return nil, err
	}
	do, ok := actions[b.Action]
	switch {
	case b.Product != "whatsapp":
		return nil, refuse(100, "messaging_product must be whatsapp")
	case !ok:
		return nil, refuse(100, "action %.40q is not one of connect, pre_accept, accept, reject, terminate", b.Action)
	case len(b.Opaque) > maxOpaque:
		return nil, refuse(100, "biz_opaque_callback_data is longer than %d characters", maxOpaque)
	case b.Recording.bad() || b.Transcription.bad():
		return nil, refuse(100, "recording and transcription need a status, and a purpose of at most 250 characters")
	}
	s.mu.Lock()
	sip, unpaid := s.business.sip, s.faults.Unpaid
	s.mu.Unlock()
	if sip {
		return nil, refuse(131055, "SIP is enabled on this number")
	}
	if unpaid && b.Action != "reject" && b.Action != "terminate" {
		return nil, refuse(131044, "there is no valid payment method")
	}
	return do(s, b)
}

func (r *recording) bad() bool {
	return r != nil && (r.Status != "ENABLED" && r.Status != "DISABLED" ||
		r.Status == "ENABLED" && (r.Purpose == "" || len(r.Purpose) > 250))
}

// incoming finds the call to the business that a body is about. s.mu is held.
func (s *Server) incoming(b callBody, next step) (*call, error) {
	c := s.call(b.CallID)
	if c == nil || !c.inbound {
		return nil, refuse(100, "call_id does not name a call that can be answered")
	}
	if c.state == Over {
		return nil, refuse(100, "the call has already ended")
	}
	if _, ok := steps[c.state][next]; !ok {
		return nil, refuse(100, "the call is already in progress")
	}
	return c, nil
}

// answerOf checks the session of pre_accept and accept.
func (s *Server) answerOf(b callBody) (string, error) {
	switch {
	case b.Session == nil || b.Session.SDP == "":
		return "", refuse(131008, "session is missing")
	case b.Session.Type == "offer" && s.options.Lax.OfferAsType, b.Session.Type == "answer":
		return b.Session.SDP, nil
	}
	return "", refuse(100, "session.sdp_type must be answer")
}

func (s *Server) preAccept(b callBody) (any, error) {
	text, err := s.answerOf(b)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.incoming(b, preAccept)
	if err != nil {
		return nil, err
	}
	if err := apply(c, text); err != nil {
		return nil, err
	}
	c.prepared = text
	return fine(), c.move(preAccept)
}

// apply gives the relay the business's answer.
func apply(c *call, text string) error {
	err := c.leg.Apply(text)
	var bad *leg.Refusal
	if errors.As(err, &bad) {
		return refuse(bad.Code, "%s", bad.Details)
	}
	return err
}

func (s *Server) accept(b callBody) (any, error) {
	text, err := s.answerOf(b)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.incoming(b, accept)
	if err != nil {
		return nil, err
	}
	switch {
	case c.state == Offered:
		if err := apply(c, text); err != nil {
			return nil, err
		}
	case c.prepared != text && !s.options.Lax.OtherAnswer:
		return nil, refuse(100, "the SDP is not the one given in pre_accept")
	}
	if err := c.move(accept); err != nil {
		return nil, err
	}
	if b.Opaque != "" {
		c.opaque = b.Opaque
	}
	c.recording = b.Recording.wanted()
	c.customer.served(s.clock.Now())
	s.talk(c)
	return fine(), nil
}

func (s *Server) reject(b callBody) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.incoming(b, reject)
	if err != nil {
		return nil, err
	}
	return fine(), s.end(c, reject, nil)
}

func (s *Server) terminate(b callBody) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.call(b.CallID)
	switch {
	case c == nil:
		return nil, refuse(100, "call_id does not name a call")
	case c.state == Over:
		return nil, refuse(100, "the call has already been terminated")
	}
	return fine(), s.end(c, terminate, nil)
}
