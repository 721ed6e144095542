package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Customer is a WhatsApp user.
type Customer struct {
	Number   string `json:"number"` // digits; the wa_id
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	UserID   string `json:"user_id"`            // business-scoped; made from the number if empty
	Hidden   bool   `json:"hidden,omitempty"`   // webhooks do not tell the number
	NoCalls  bool   `json:"no_calls,omitempty"` // an app that cannot take calls from businesses
	Country  string `json:"country,omitempty"`  // ISO 3166 of the number
}

// Phone is what a customer's phone shows.
type Phone struct {
	State   PhoneState `json:"state"`
	Call    string     `json:"call,omitempty"` // id of the current call, or of the latest
	Text    string     `json:"text"`           // as on the screen
	Early   bool       `json:"early"`          // it took the call for accepted when media came, before it was
	Since   time.Time  `json:"since"`
	Heard   int        `json:"heard"` // packets from the business in this call
	Streak  int        `json:"streak"`
	Allowed bool       `json:"allowed"` // the business may call
}

// PhoneState is what a customer's phone does.
type PhoneState string

// The states of a phone.
const (
	Idle    PhoneState = "idle"
	Calling PhoneState = "calling" // it plays ringback
	Ringing PhoneState = "ringing"
	InCall  PhoneState = "talking"
)

// Behaviour is what a customer does without being told.
type Behaviour struct {
	Answers  bool          `json:"answers,omitempty"`
	Declines bool          `json:"declines,omitempty"`
	After    time.Duration `json:"after,omitempty"` // the phone began to ring
}

// Handset is a customer's phone. Its methods may be called from any goroutine.
type Handset struct {
	server *Server
	who    Customer
	voice  *Voice // nil without codecs

	// Server.mu guards the rest.
	book      book
	inbox     []string // ids of the messages that came
	call      *call    // nil if there is none
	screen    Phone
	behaviour Behaviour
	sound     Sound
	blocked   bool // it blocked the business
	mail      []byte
	changed   chan struct{}
}

const maxCustomers = 10000

// AddCustomer switches a customer's phone on.
func (s *Server) AddCustomer(c Customer) (*Handset, error) {
	if c.Number == "" || strings.Trim(c.Number, "0123456789") != "" || len(c.Number) > 15 {
		return nil, errors.New("a customer needs a number of at most 15 digits, without plus")
	}
	if c.UserID == "" {
		c.UserID = "XX.9" + c.Number
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.customers[c.Number]; taken || len(s.customers) >= maxCustomers {
		return nil, errors.New("that number is taken, or there are too many customers")
	}
	h := &Handset{server: s, who: c, screen: Phone{State: Idle}, changed: make(chan struct{})}
	h.sound = Silence
	if s.options.Codecs != nil {
		h.voice = newVoice(s.options.Codecs)
		h.sound = h.voice.Talk
	}
	s.customers[c.Number] = h
	return h, nil
}

// Customer finds a phone by its number.
func (s *Server) Customer(number string) (*Handset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.customers[number]; ok {
		return h, nil
	}
	return nil, errors.New("there is no customer with that number")
}

// Who is the customer.
func (h *Handset) Who() Customer { return h.who }

// Voice is the customer's mouth and ear; nil if the server has no codecs.
func (h *Handset) Voice() *Voice { return h.voice }

// Behave says what the customer does when the phone rings.
func (h *Handset) Behave(b Behaviour) { h.set(func() { h.behaviour = b }) }

// SetSound replaces the customer's voice in calls from now on.
func (h *Handset) SetSound(sound Sound) { h.set(func() { h.sound = sound }) }

// Block makes the business unable to reach the customer.
func (h *Handset) Block(on bool) { h.set(func() { h.blocked = on }) }

func (h *Handset) set(does func()) {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	does()
}

// contact is how webhooks name the customer.
func (h *Handset) contact() object {
	o := object{"profile": object{"name": h.who.Name}, "user_id": h.who.UserID}
	if h.who.Username != "" {
		o["profile"].(object)["username"] = h.who.Username
	}
	if !h.who.Hidden {
		o["wa_id"] = h.who.Number
	}
	return o
}

// name puts the customer's number and user id in an object.
func (h *Handset) name(o object, member string) {
	o[member+"_user_id"] = h.who.UserID
	if !h.who.Hidden {
		o[member] = h.who.Number
	}
}

// Screen is what the phone shows.
func (h *Handset) Screen() Phone {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	return h.shown()
}

func (h *Handset) shown() Phone {
	p := h.screen
	p.Streak, p.Allowed = h.book.streak, h.book.allowed(h.server.clock.Now())
	if c := h.call; c != nil && c.leg != nil {
		r := c.leg.Report()
		p.Heard, p.Early = r.Packets, r.Early > 0
	}
	return p
}

// show changes the screen and wakes who waits for it. s.mu is held.
func (h *Handset) show(state PhoneState, id, text string) {
	h.screen = Phone{State: state, Call: id, Text: text, Since: h.server.clock.Now()}
	close(h.changed)
	h.changed = make(chan struct{})
}

// Await waits until the phone is in a state and gives back what it shows.
func (h *Handset) Await(ctx context.Context, state PhoneState) (Phone, error) {
	for {
		h.server.mu.Lock()
		screen, changed := h.shown(), h.changed
		h.server.mu.Unlock()
		if screen.State == state {
			return screen, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return screen, fmt.Errorf("the customer's phone is %s (%s), not %s: %w", screen.State, screen.Text, state, ctx.Err())
		}
	}
}

// alert rings. s.mu is held.
func (h *Handset) alert(c *call) {
	h.show(Ringing, c.id, h.server.options.Business.Name+" is calling")
	b := h.behaviour
	switch {
	case b.Answers:
		h.server.later(c, b.After, func() { _ = h.take(c) }) // the call may have gone on
	case b.Declines:
		h.server.later(c, b.After, func() { _ = h.server.end(c, decline, nil) })
	}
}

// connect begins to talk. s.mu is held.
func (h *Handset) connect(c *call) {
	h.show(InCall, c.id, "00:00")
	sound, stream := h.sound, c.leg.Customer()
	h.server.work.Go(func() {
		ctx, stop := context.WithCancel(h.server.ctx)
		defer stop()
		h.server.work.Go(func() {
			select {
			case <-c.over:
			case <-ctx.Done():
			}
			stop()
		})
		sound(ctx, stream)
	})
}

// served opens the window for messages, and forgives what was not answered. s.mu
// is held.
func (h *Handset) served(now time.Time) {
	h.book.streak = 0
	h.book.asked = nil
	h.book.window = now.Add(h.server.options.Timers.Window)
}

// endings are what the phone shows after a call.
var endings = map[step]string{
	reject: "Call declined", timeout: "Not answered", fail: "Call failed",
	terminate: "Call ended", hangUp: "Call ended", decline: "Call declined",
}

// finish shows how a call ended. s.mu is held.
func (h *Handset) finish(c *call, last step) {
	h.call = nil
	h.show(Idle, c.id, endings[last])
	if c.inbound {
		h.server.callBack(c)
		h.server.voicemail(c, last)
	}
}

// Inbox lists what the business sent, oldest first.
func (h *Handset) Inbox() []Message {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	var out []Message
	for _, id := range h.inbox {
		m := h.server.messages[id]
		out = append(out, Message{ID: id, Kind: m.kind, Body: m.body, Payload: m.payload, Expires: m.expires})
	}
	return slices.Clip(out)
}

// Message is one that came from the business.
type Message struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"` // text, template, call_permission_request or voice_call
	Body    string    `json:"body"`
	Payload string    `json:"payload,omitempty"`
	Expires time.Time `json:"expires"` // of a call button
}
