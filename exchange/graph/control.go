package graph

import (
	"encoding/json"
	"errors"
	"net/http"

	"tring/exchange/graph/hook"
)

// controlBody bounds the JSON of one request to the control API, in bytes.
const controlBody = 64 << 10

// Control is the server's remote control as HTTP and JSON. It has no password:
// serve it on loopback only, and not to web pages.
//
//	POST /customers {number, name, …}       GET /customers, /customers/{number}
//	POST /customers/{number}/call {button, deeplink}
//	POST /customers/{number}/answer, /decline, /hangup
//	POST /customers/{number}/press {digits}, /say {hz}, /text {body}, /permit {consent}
//	PUT  /customers/{number}/behaviour {answers, declines, after_ms}
//	GET  /customers/{number}/inbox
//	GET  /calls, /requests, /deliveries, /oddities     POST /clock {advance_ms}
//	PUT  /faults {…}, /webhooks {…}, /relay {…}
//	POST /webhooks/pause {on}, /forge {kind}, /sip {on}, /subscribed {on}, /reset
//	POST /callback {url, verify_token}
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	for pattern, does := range map[string]func(*http.Request) (any, error){
		"POST /customers":         s.controlAdd,
		"GET /customers":          func(*http.Request) (any, error) { return s.screens(), nil },
		"GET /calls":              func(*http.Request) (any, error) { return s.Calls(), nil },
		"GET /deliveries":         func(*http.Request) (any, error) { return s.hooks.Deliveries(), nil },
		"GET /requests":           func(*http.Request) (any, error) { return s.Requests(""), nil },
		"GET /oddities":           func(*http.Request) (any, error) { return s.Oddities(), nil },
		"POST /clock":             control(func(b advance) (any, error) { s.clock.Advance(ms(b.Ms)); return nil, nil }),
		"PUT /faults":             control(func(b controlFaults) (any, error) { s.SetFaults(b.faults()); return nil, nil }),
		"PUT /webhooks":           control(func(b controlHooks) (any, error) { s.hooks.SetFaults(b.faults()); return nil, nil }),
		"PUT /relay":              control(func(b controlRelay) (any, error) { s.SetLegs(b.options(s.options.Leg)); return nil, nil }),
		"POST /webhooks/pause":    control(func(b toggle) (any, error) { s.hooks.Pause(b.On); return nil, nil }),
		"POST /forge":             control(s.controlForge),
		"POST /sip":               control(func(b toggle) (any, error) { s.SetSIP(b.On); return nil, nil }),
		"POST /subscribed":        control(func(b toggle) (any, error) { s.SetSubscribed(b.On); return nil, nil }),
		"POST /callback":          s.controlCallback,
		"POST /reset":             func(*http.Request) (any, error) { s.Reset(); return nil, nil },
		"GET /customers/{number}": s.phone(func(h *Handset, _ *http.Request) (any, error) { return h.Screen(), nil }),
	} {
		mux.Handle(pattern, plain(does))
	}
	for action, does := range phoneActions {
		mux.Handle("POST /customers/{number}/"+action, plain(s.phone(does)))
	}
	mux.Handle("GET /customers/{number}/inbox", plain(s.phone(func(h *Handset, _ *http.Request) (any, error) { return h.Inbox(), nil })))
	mux.Handle("PUT /customers/{number}/behaviour", plain(s.phone(behave)))
	return mux
}

// phoneActions are what a customer can be told to do.
var phoneActions = map[string]func(*Handset, *http.Request) (any, error){
	"call": withBody(func(h *Handset, _ *http.Request, d Dial) (any, error) {
		id, err := h.Call(d)
		return object{"id": id}, err
	}),
	"answer":  func(h *Handset, _ *http.Request) (any, error) { return nil, h.Answer() },
	"decline": func(h *Handset, _ *http.Request) (any, error) { return nil, h.Decline() },
	"hangup":  func(h *Handset, _ *http.Request) (any, error) { return nil, h.HangUp() },
	"press": withBody(func(h *Handset, r *http.Request, b struct{ Digits string }) (any, error) {
		return nil, h.Press(r.Context(), b.Digits)
	}),
	"say": withBody(func(h *Handset, _ *http.Request, b struct{ Hz float64 }) (any, error) { return nil, h.hum(b.Hz) }),
	"text": withBody(func(h *Handset, _ *http.Request, b struct{ Body string }) (any, error) {
		return nil, h.SendText(b.Body)
	}),
	"permit": withBody(func(h *Handset, _ *http.Request, b struct{ Consent Consent }) (any, error) {
		return nil, h.Permit(b.Consent)
	}),
}

var behave = withBody(func(h *Handset, _ *http.Request, b struct {
	Answers  bool
	Declines bool
	Ms       float64 `json:"after_ms"`
},
) (any, error) {
	h.Behave(Behaviour{b.Answers, b.Declines, ms(b.Ms)})
	return nil, nil
})

// hum says a tone that people can hear; 0 is silence.
func (h *Handset) hum(hz float64) error {
	switch {
	case h.voice == nil:
		return errors.New("this server has no codecs, so its customers are silent")
	case hz == 0:
		h.voice.Say(nil)
	case hz < 50 || hz > 15000:
		return errors.New("a tone has 50 to 15000 Hz")
	default:
		h.voice.Hum(hz)
	}
	return nil
}

// phone finds the customer that a path names.
func (s *Server) phone(does func(*Handset, *http.Request) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		h, err := s.Customer(r.PathValue("number"))
		if err != nil {
			return nil, err
		}
		return does(h, r)
	}
}

func (s *Server) controlAdd(r *http.Request) (any, error) {
	c, err := controlRead[Customer](r)
	if err != nil {
		return nil, err
	}
	h, err := s.AddCustomer(c)
	if err != nil {
		return nil, err
	}
	return h.Who(), nil
}

// screens are all phones by number.
func (s *Server) screens() map[string]Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]Phone{}
	for number, h := range s.customers {
		out[number] = h.shown()
	}
	return out
}

func (s *Server) controlForge(b struct{ Kind hook.Forgery }) (any, error) {
	status, err := s.hooks.Forge(b.Kind, hook.Event{Field: "calls", Kind: "forged", Value: s.forged()})
	if err != nil && status == 0 && !errors.Is(err, hook.ErrNoCallback) {
		return object{"status": 0, "cut": err.Error()}, nil
	}
	return object{"status": status}, err
}

// forged is a webhook that would hang up every call if it were believed.
func (s *Server) forged() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	ends := []object{}
	for _, c := range s.calls {
		if c.state != Over {
			ends = append(ends, object{"id": c.id, "event": "terminate", "status": "COMPLETED", "timestamp": unix(s.clock.Now())})
		}
	}
	return object{
		"messaging_product": "whatsapp", "calls": ends,
		"metadata": object{"phone_number_id": s.options.Business.PhoneNumberID},
	}
}

// controlCallback sets the app's callback as Meta's dashboard does: after the
// handshake.
func (s *Server) controlCallback(r *http.Request) (any, error) {
	b, err := controlRead[struct {
		URL   string `json:"url"`
		Token string `json:"verify_token"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := s.hooks.Handshake(r.Context(), b.URL, b.Token); err != nil {
		return nil, err
	}
	s.SetCallback(b.URL, b.Token)
	return nil, nil
}

// Reset takes all faults back, and restrictions.
func (s *Server) Reset() {
	s.SetFaults(Faults{})
	s.SetLegs(s.options.Leg)
	s.SetSIP(false)
	s.SetSubscribed(true)
	s.hooks.SetFaults(hook.Faults{})
	s.hooks.Pause(false)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.restricted = nil
}

// plain runs a request and writes its result, {} for none.
func plain(does func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, controlBody)
		result, err := does(r)
		status := http.StatusOK
		switch {
		case err != nil:
			status, result = http.StatusConflict, object{"error": err.Error()}
		case result == nil:
			result = object{}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(result) // who has left needs no answer
	})
}

// control is a request whose body is all that it needs.
func control[T any](does func(T) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		b, err := controlRead[T](r)
		if err != nil {
			return nil, err
		}
		return does(b)
	}
}

func withBody[T any](does func(*Handset, *http.Request, T) (any, error)) func(*Handset, *http.Request) (any, error) {
	return func(h *Handset, r *http.Request) (any, error) {
		b, err := controlRead[T](r)
		if err != nil {
			return nil, err
		}
		return does(h, r, b)
	}
}
