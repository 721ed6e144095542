package graph

import "time"

// value is the frame of every webhook about a customer. s.mu is held.
func (s *Server) value(h *Handset) object {
	return object{
		"messaging_product": "whatsapp",
		"metadata":          object{"display_phone_number": s.options.Business.Number, "phone_number_id": s.options.Business.PhoneNumberID},
		"contacts":          []object{h.contact()},
	}
}

// tellCall sends one element of calls.
func (s *Server) tellCall(c *call, event string, extra object) {
	e := object{"id": c.id, "event": event, "timestamp": unix(s.clock.Now())}
	b, h := s.options.Business, c.customer
	if c.inbound {
		e["direction"], e["to"] = "USER_INITIATED", b.Number
		h.name(e, "from")
	} else {
		e["direction"], e["from"] = "BUSINESS_INITIATED", b.Number
		h.name(e, "to")
	}
	for key, text := range map[string]string{"biz_opaque_callback_data": c.opaque, "cta_payload": c.cta, "deeplink_payload": c.deeplink} {
		if text != "" {
			e[key] = text
		}
	}
	for key, v := range extra {
		e[key] = v
	}
	value := s.value(h)
	value["calls"] = []object{e}
	if c.failure != nil {
		value["errors"] = []object{c.failure.webhook()}
	}
	s.tell("calls", event, c.id, value)
}

// tellConnect hands over the relay's description.
func (s *Server) tellConnect(c *call) {
	kind := "answer"
	if c.inbound {
		kind = "offer"
	}
	s.tellCall(c, "connect", object{"session": object{"sdp_type": kind, "sdp": c.leg.Description()}})
}

// tellEnd says how a call ended. Calls that nobody answered are COMPLETED, too:
// without times.
func (s *Server) tellEnd(c *call) {
	extra := object{"status": "COMPLETED"}
	if c.failure != nil {
		extra["status"] = "FAILED"
	}
	if !c.accepted.IsZero() {
		extra["start_time"], extra["end_time"] = unix(c.accepted), unix(c.ended)
		extra["duration"] = int(c.ended.Sub(c.accepted).Round(time.Second) / time.Second)
	}
	s.tellCall(c, "terminate", extra)
}

// tellStatus says how a call to a customer goes on, after a while. s.mu is held.
func (s *Server) tellStatus(c *call, status string, after time.Duration) {
	send := func() {
		e := object{"id": c.id, "type": "call", "status": status, "timestamp": unix(s.clock.Now())}
		c.customer.name(e, "recipient")
		if id, ok := e["recipient"]; ok {
			delete(e, "recipient")
			e["recipient_id"] = id
		}
		if c.opaque != "" {
			e["biz_opaque_callback_data"] = c.opaque
		}
		value := s.value(c.customer)
		value["statuses"] = []object{e}
		s.tell("calls", status, c.id, value)
	}
	if after <= 0 {
		send()
		return
	}
	s.later(c, after, send)
}
