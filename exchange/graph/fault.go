package graph

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

// Faults are what goes wrong with the Graph API. Endpoints are "connect",
// "pre_accept", "accept", "reject", "terminate", "call_permissions",
// "messages", "settings", "number", "subscribed_apps", "media"; "" is every
// other.
type Faults struct {
	Endpoints    map[string]Trouble `json:"endpoints,omitempty"`
	TokenRevoked bool               `json:"token_revoked,omitempty"`
	MissingScope string             `json:"missing_scope,omitempty"` // permission that the token lost
	Unpaid       bool               `json:"unpaid,omitempty"`        // no payment method: 131044
	RejectedCode int                `json:"rejected_code,omitempty"` // every connect is refused with it
	TimeoutFails bool               `json:"timeout_fails,omitempty"` // a call that nobody took is FAILED with 138007
	OtherWords   bool               `json:"other_words,omitempty"`   // permissions are granted or denied, as the OpenAPI file says
	NoAccepted   bool               `json:"no_accepted,omitempty"`   // the status ACCEPTED never comes
}

// Trouble is what goes wrong with an endpoint.
type Trouble struct {
	Delay time.Duration `json:"delay,omitempty"` // before everything else
	Code  int           `json:"code,omitempty"`  // of a refusal
	HTML  int           `json:"html,omitempty"`  // status of an error page that is no JSON
	Cut   bool          `json:"cut,omitempty"`   // the connection ends without an answer
	Late  bool          `json:"late,omitempty"`  // it happens after the request was carried out
	Times int           `json:"times,omitempty"` // how often; 0 is always
}

// SetFaults replaces all faults.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Endpoints = maps.Clone(f.Endpoints) // Times counts down in it
	s.faults = f
}

// action is what a body posted to calls asks for; what is no JSON is refused
// later.
func action(body []byte) string {
	var b struct{ Action string }
	_ = json.Unmarshal(body, &b)
	return b.Action
}

// trouble is what goes wrong with one request.
func (s *Server) trouble(name string) Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.faults.Endpoints[name]
	if !ok {
		name = ""
		t = s.faults.Endpoints[name]
	}
	if t.Times > 0 {
		left := t
		if left.Times--; left.Times == 0 {
			left = Trouble{Times: -1}
		}
		s.faults.Endpoints[name] = left
	}
	if t.Times < 0 {
		return Trouble{}
	}
	return t
}

const errorPage = "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"

// fails makes the trouble and reports whether the request is over by it.
func (s *Server) fails(w http.ResponseWriter, t Trouble) bool {
	s.hold(t.Delay)
	switch {
	case t.Cut:
		s.cut(w)
		return true
	case t.HTML != 0:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(t.HTML)
		_, _ = w.Write([]byte(errorPage)) // who has left needs no page
		return true
	case t.Code != 0:
		s.reply(w, nil, refuse(t.Code, "a fault that was set"))
		return true
	}
	return false
}

// cut ends the connection without an answer.
func (s *Server) cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.options.Log.Error("a connection could not be cut", "err", err)
		return
	}
	conn.Close()
}
