package graph

import (
	"time"
	"unicode/utf8"
)

// Meta's limits for messages.
const (
	maxText    = 4096
	maxLabel   = 20
	maxPayload = 512
	maxButton  = 43200 // minutes that a call button lives
)

// message is one that the business sent. Server.mu guards it.
type message struct {
	id      string
	to      *Handset
	kind    string // text, template, call_permission_request, voice_call
	body    string
	payload string
	lives   time.Duration // of a call button
	expires time.Time
}

// messageBody is what is posted to messages.
type messageBody struct {
	Product     string       `json:"messaging_product"`
	Kind        string       `json:"recipient_type"`
	To          string       `json:"to"`
	Recipient   string       `json:"recipient"`
	Type        string       `json:"type"`
	Context     *object      `json:"context"`
	Text        *textBody    `json:"text"`
	Interactive *interactive `json:"interactive"`
	Template    *template    `json:"template"`
}

type textBody struct {
	Preview bool   `json:"preview_url"`
	Body    string `json:"body"`
}

type interactive struct {
	Type string `json:"type"`
	Body struct {
		Text string `json:"text"`
	} `json:"body"`
	Header *object `json:"header"`
	Footer *object `json:"footer"`
	Action struct {
		Name       string `json:"name"`
		Parameters button `json:"parameters"`
	} `json:"action"`
}

type button struct {
	Label   string `json:"display_text"`
	Minutes int    `json:"ttl_minutes"`
	Payload string `json:"payload"`
}

type template struct {
	Name       string   `json:"name"`
	Language   object   `json:"language"`
	Components []object `json:"components"`
}

// postMessage sends a message to a customer.
func (s *Server) postMessage(r *request) (any, error) {
	b, err := read[messageBody](s, r)
	if err != nil {
		return nil, err
	}
	if b.Product != "whatsapp" {
		return nil, refuse(100, "messaging_product must be whatsapp")
	}
	m, err := b.message()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.to, err = s.recipient(b.To, b.Recipient); err != nil {
		return nil, err
	}
	failed, err := s.maySend(m)
	if err != nil {
		return nil, err
	}
	s.send(m, failed)
	contact := object{"input": first(b.To, b.Recipient), "wa_id": m.to.who.Number, "user_id": m.to.who.UserID}
	return object{
		"messaging_product": "whatsapp", "contacts": []object{contact}, "messages": []object{{"id": m.id}},
	}, nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// message checks the body's form.
func (b messageBody) message() (*message, error) {
	m := &message{id: newID("wamid"), kind: b.Type}
	switch {
	case b.Type == "text" && b.Text != nil:
		m.body = b.Text.Body
		if m.body == "" || utf8.RuneCountInString(m.body) > maxText {
			return nil, refuse(100, "text.body must have 1 to %d characters", maxText)
		}
	case b.Type == "template" && b.Template != nil:
		if b.Template.Name == "" || b.Template.Language["code"] == nil {
			return nil, refuse(132001, "the template needs a name and a language")
		}
		m.body = b.Template.Name
	case b.Type == "interactive" && b.Interactive != nil:
		return m, b.Interactive.into(m)
	default:
		return nil, refuse(131051, "type %.40q", b.Type)
	}
	return m, nil
}

// into checks permission requests and call buttons.
func (i *interactive) into(m *message) error {
	m.kind, m.body = i.Type, i.Body.Text
	p := i.Action.Parameters
	switch {
	case i.Type != "call_permission_request" && i.Type != "voice_call":
		return refuse(131051, "interactive.type %.40q", i.Type)
	case i.Action.Name != i.Type:
		return refuse(131009, "action.name must be %s", i.Type)
	case i.Type == "call_permission_request" && (i.Header != nil || i.Footer != nil):
		return refuse(131009, "a permission request has no header and no footer")
	case utf8.RuneCountInString(p.Label) > maxLabel, len(p.Payload) > maxPayload, p.Minutes < 0, p.Minutes > maxButton:
		return refuse(131009, "display_text, payload or ttl_minutes is out of bounds")
	}
	m.payload = p.Payload
	if p.Minutes == 0 {
		p.Minutes = int(week / time.Minute)
	}
	m.lives = time.Duration(p.Minutes) * time.Minute
	return nil
}

// maySend makes Meta's checks. failed is why the message will fail later. s.mu
// is held.
func (s *Server) maySend(m *message) (failed *refusal, err error) {
	b, now := &m.to.book, s.clock.Now()
	asks := m.kind == "call_permission_request"
	switch {
	case m.to.blocked:
		return refuse(131026, "the recipient cannot be reached"), nil
	case asks && s.business.settings.Status != enabled:
		return nil, refuse(138000, "calling is not enabled on this number")
	case asks && b.permanent:
		return nil, refuse(138017, "the recipient has allowed calls for ever")
	case asks && !b.mayAsk(now):
		return nil, refuse(138009, "at most %d in a day and %d in a week", asksPerDay, asksPerWeek)
	case asks && m.to.who.NoCalls:
		return refuse(131026, "the recipient's app is too old"), nil
	case m.kind == "template" || now.Before(b.window):
		return nil, nil
	case s.options.Lax.LateFailures:
		return refuse(131047, "more than 24 hours since the recipient wrote or called"), nil
	}
	return nil, refuse(131047, "more than 24 hours since the recipient wrote or called")
}

// send delivers a message and tells how it fared. s.mu is held.
func (s *Server) send(m *message, failed *refusal) {
	now := s.clock.Now()
	if failed != nil {
		s.tellMessage(m, "failed", failed)
		return
	}
	if m.kind == "call_permission_request" {
		m.to.book.asked = append(m.to.book.asked, now)
		m.to.book.request = m.id
	}
	m.expires = now.Add(m.lives)
	s.messages[m.id] = m
	m.to.inbox = append(m.to.inbox, m.id)
	if len(m.to.inbox) > remembered {
		delete(s.messages, m.to.inbox[0])
		m.to.inbox = m.to.inbox[1:]
	}
	for _, status := range []string{"sent", "delivered", "read"} {
		s.tellMessage(m, status, nil)
	}
}

// tellMessage sends a message's status.
func (s *Server) tellMessage(m *message, status string, why *refusal) {
	e := object{"id": m.id, "status": status, "timestamp": unix(s.clock.Now()), "recipient_id": m.to.who.Number}
	if why != nil {
		e["errors"] = []object{why.webhook()}
	}
	value := s.value(m.to)
	delete(value, "contacts")
	value["statuses"] = []object{e}
	s.tell("messages", "status", m.id, value)
}
