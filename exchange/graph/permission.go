package graph

import (
	"net/http"
	"slices"
	"time"
)

// Meta's limits for permission requests, and of asking for permissions.
const (
	week          = 7 * day
	asksPerDay    = 1
	asksPerWeek   = 2
	asksPerSecond = 5 // of GET call_permissions; another of Meta's pages says 100
)

// book is what Meta keeps of a customer and the business. Server.mu guards it.
type book struct {
	permanent bool
	until     time.Time   // of a temporary permission
	asked     []time.Time // permission requests that count
	request   string      // the newest one's message id, while it can be answered
	streak    int         // calls in a row that the customer did not take
	connected []time.Time // calls from the business that connected
	window    time.Time   // until when free messages may be sent
}

// allowed says whether the business may call.
func (b *book) allowed(now time.Time) bool { return b.permanent || now.Before(b.until) }

func (b *book) connectedSince(t time.Time) int { return since(b.connected, t) }

func (b *book) askedSince(t time.Time) int { return since(b.asked, t) }

func since(list []time.Time, t time.Time) (n int) {
	for _, at := range list {
		if at.After(t) {
			n++
		}
	}
	return n
}

// mayAsk says whether a permission may be asked for.
func (b *book) mayAsk(now time.Time) bool {
	return b.askedSince(now.Add(-day)) < asksPerDay && b.askedSince(now.Add(-week)) < asksPerWeek
}

// getPermissions answers GET call_permissions.
func (s *Server) getPermissions(r *request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tooMany() {
		return nil, refuse(613, "more than %d requests a second", asksPerSecond)
	}
	if s.business.settings.Status != enabled {
		return nil, refuse(138000, "calling is not enabled on this number")
	}
	h, err := s.recipient(r.URL.Query().Get("user_wa_id"), r.URL.Query().Get("recipient"))
	if err != nil {
		// Who cannot be called is no error here.
		return s.permissions(&Handset{}, false), nil
	}
	return s.permissions(h, !h.who.NoCalls && !h.blocked), nil
}

// tooMany counts a request. s.mu is held.
func (s *Server) tooMany() bool {
	now := time.Now().UnixNano()
	s.asked = slices.DeleteFunc(s.asked, func(at int64) bool { return now-at > int64(time.Second) })
	if len(s.asked) >= asksPerSecond {
		return true
	}
	s.asked = append(s.asked, now)
	return false
}

// otherWords are those of Meta's OpenAPI file for a permission.
var otherWords = map[string]string{"no_permission": "denied", "temporary": "granted", "permanent": "granted"}

// permissions is the answer for a customer.
func (s *Server) permissions(h *Handset, callable bool) object {
	b, now := &h.book, s.clock.Now()
	p := object{"status": "no_permission"}
	switch {
	case !callable:
	case b.permanent:
		p["status"] = "permanent"
	case b.allowed(now):
		p["status"], p["expiration_time"] = "temporary", b.until.Unix()
	}
	if s.faults.OtherWords {
		p["status"] = otherWords[p["status"].(string)]
	}
	placed := limit("PT24H", maxPerPerson, b.connectedSince(now.Add(-day)), oldestSince(b.connected, now.Add(-day)).Add(day))
	return object{
		"messaging_product": "whatsapp", "permission": p,
		"actions": []object{
			{"action_name": "send_call_permission_request", "can_perform_action": callable && !b.permanent && b.mayAsk(now), "limits": []object{
				limit("PT24H", asksPerDay, b.askedSince(now.Add(-day)), oldestSince(b.asked, now.Add(-day)).Add(day)),
				limit("P7D", asksPerWeek, b.askedSince(now.Add(-week)), oldestSince(b.asked, now.Add(-week)).Add(week)),
			}},
			{"action_name": "start_call", "can_perform_action": callable && s.mayCall(h) == nil, "limits": []object{placed}},
		},
	}
}

func limit(period string, most, used int, ends time.Time) object {
	l := object{"time_period": period, "max_allowed": most, "current_usage": used}
	if used >= most {
		l["limit_expiration_time"] = ends.Unix()
	}
	return l
}

func oldestSince(list []time.Time, t time.Time) (oldest time.Time) {
	for _, at := range list {
		if at.After(t) && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	return oldest
}

// tellPermission sends a permission reply; about is the request's or the call's
// id, empty if there is none. s.mu is held.
func (s *Server) tellPermission(h *Handset, reply object, about string) {
	m := object{
		"id": newID("wamid"), "timestamp": unix(s.clock.Now()), "type": "interactive",
		"interactive": object{"type": "call_permission_reply", "call_permission_reply": reply},
	}
	h.name(m, "from")
	if about != "" {
		m["context"] = object{"from": s.options.Business.Number, "id": about}
	}
	value := s.value(h)
	value["messages"] = []object{m}
	s.tell("messages", "call_permission_reply", m["id"].(string), value)
}

// Consent is a customer's answer to the question whether the business may call.
type Consent string

// The answers that the app offers.
const (
	Once   Consent = "temporary" // for a week
	Always Consent = "permanent"
	Never  Consent = "refuse" // also takes a permission back
)

// Permit answers the newest permission request; without one it changes the
// permission in the business's profile.
func (h *Handset) Permit(answer Consent) error {
	s := h.server
	s.mu.Lock()
	defer s.mu.Unlock()
	b, reply, about := &h.book, object{"response": "accept", "response_source": "user_action"}, h.book.request
	switch answer {
	case Once:
		b.permanent, b.until = false, s.clock.Now().Add(s.options.Timers.Consent)
		reply["is_permanent"], reply["expiration_timestamp"] = false, unix(b.until)
	case Always:
		b.permanent = true
		reply["is_permanent"] = true
	case Never:
		b.permanent, b.until = false, time.Time{}
		reply["response"] = "reject"
	default:
		return errConsent
	}
	b.request, b.streak = "", 0
	s.tellPermission(h, reply, about)
	return nil
}

// callBack is the automatic permission of a customer who called. s.mu is held.
func (s *Server) callBack(c *call) {
	b := &c.customer.book
	if s.business.settings.CallbackPermission != enabled || b.permanent {
		return
	}
	b.until = s.clock.Now().Add(s.options.Timers.Consent)
	s.tellPermission(c.customer, object{
		"response": "accept", "is_permanent": false, "expiration_timestamp": unix(b.until), "response_source": "automatic",
	}, c.id)
}

var errConsent = &refusal{status: http.StatusBadRequest, code: 100, title: "Invalid parameter", details: "a consent is temporary, permanent or refuse"}
