package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	headerTime  = 10 * time.Second
	maxBody     = 1 << 20  // of JSON
	maxUpload   = 16 << 20 // of files; Meta takes as much audio
	oldest      = 17       // major version that knows calls
	newest      = 26
	maxOddities = 200
)

// request is one request to the Graph API that may be served.
type request struct {
	*http.Request
	body []byte
	node string
}

// edge is what can be done at a path. Name is what faults call it.
type edge struct {
	name  string
	proof string // permission that it takes
	does  func(*Server, *request) (any, error)
}

const (
	messaging  = "whatsapp_business_messaging"
	management = "whatsapp_business_management"
)

// edges are all that is served, by method, kind of node and edge.
var edges = map[string]edge{
	"POST number/calls":              {"calls", messaging, (*Server).postCall},
	"GET number/call_permissions":    {"call_permissions", messaging, (*Server).getPermissions},
	"POST number/messages":           {"messages", messaging, (*Server).postMessage},
	"POST number/settings":           {"settings", management, (*Server).postSettings},
	"GET number/settings":            {"settings", management, (*Server).getSettings},
	"POST number/media":              {"media", messaging, (*Server).postMedia},
	"POST number/register":           {"number", management, (*Server).register},
	"POST number":                    {"number", management, (*Server).postNumber},
	"GET number":                     {"number", management, (*Server).getNumber},
	"POST account/subscribed_apps":   {"subscribed_apps", management, (*Server).subscribe},
	"GET account/subscribed_apps":    {"subscribed_apps", management, (*Server).subscriptions},
	"DELETE account/subscribed_apps": {"subscribed_apps", management, (*Server).unsubscribe},
	"GET token":                      {"debug_token", "", (*Server).debugToken},
	"GET file":                       {"media", messaging, (*Server).getMedia},
	"GET file/content":               {"media", messaging, (*Server).download},
}

// ServeHTTP answers one request to the Graph API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
	w.Header().Set("X-App-Usage", `{"call_count":1,"total_time":1,"total_cputime":1}`)
	e, q, err := s.admit(r)
	if err != nil {
		s.reply(w, nil, err)
		return
	}
	name := e.name
	if name == "calls" {
		name = action(q.body)
	}
	s.note(name, r.Method)
	trouble := s.trouble(name)
	if !trouble.Late && s.fails(w, trouble) {
		return
	}
	result, err := e.does(s, q)
	if raw, ok := result.(blob); ok && err == nil {
		w.Header().Set("Content-Type", raw.kind)
		_, _ = w.Write(raw.data) // who has left needs no file
		return
	}
	if trouble.Late && s.fails(w, trouble) {
		return
	}
	s.reply(w, result, err)
}

// reply writes a result or a refusal.
func (s *Server) reply(w http.ResponseWriter, result any, err error) {
	status := http.StatusOK
	var r *refusal
	if errors.As(err, &r) {
		status, result = r.status, r.object()
		s.options.Log.Info("the Graph API refused", "code", r.code, "details", r.details)
	} else if err != nil {
		s.options.Log.Error("the Graph API failed", "err", err)
		broken := refuse(131000, "")
		status, result = broken.status, broken.object()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(result) // who has left needs no answer
}

// read decodes a JSON body. Members that Graph does not know are taken down,
// not refused, as Graph does.
func read[T any](s *Server, r *request) (T, error) {
	var v T
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(kind) != "application/json" {
		return v, refuse(100, "the body must be application/json")
	}
	if err := json.Unmarshal(r.body, &v); err != nil {
		return v, refuse(100, "the body is not the JSON that is expected: %v", err)
	}
	strict := json.NewDecoder(bytes.NewReader(r.body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(new(T)); err != nil {
		s.odd(fmt.Sprintf("%s: %v", r.URL.Path, err))
	}
	return v, nil
}

// odd takes down what a client sends without need.
func (s *Server) odd(text string) {
	s.options.Log.Warn("the client sends something odd", "what", text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.oddities) < maxOddities {
		s.oddities = append(s.oddities, text)
	}
}

// Oddities are what clients sent that Graph does not know.
func (s *Server) Oddities() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.oddities...)
}

// fine is the answer to most requests.
func fine() object { return object{"messaging_product": "whatsapp", "success": true} }

// Request is one that was admitted.
type Request struct {
	At   time.Time `json:"at"`
	Name string    `json:"name"` // of the endpoint, as Faults call it
	// Method is the request's, GET or POST.
	Method string `json:"method"`
}

// note takes down a request.
func (s *Server) note(name, method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == remembered {
		s.requests = s.requests[1:]
	}
	s.requests = append(s.requests, Request{s.clock.Now(), name, method})
}

// Requests are the latest requests to an endpoint, oldest first; an empty name
// is every one.
func (s *Server) Requests(name string) (out []Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if name == "" || r.Name == name {
			out = append(out, r)
		}
	}
	return out
}
