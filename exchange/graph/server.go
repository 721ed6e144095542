package graph

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"tring/exchange/graph/hook"
	"tring/exchange/graph/leg"
)

// object is a JSON object.
type object = hook.Object

// Server is Meta's side for one business number: Graph API, webhooks, relay,
// and the customers' phones. Its methods may be called from any goroutine.
type Server struct {
	options Options
	clock   *Clock
	hooks   *hook.Sender
	http    *http.Server
	url     string
	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	work    sync.WaitGroup // of calls and customers
	closing sync.Once
	closed  error

	mu        sync.Mutex
	calls     []*call // oldest first
	customers map[string]*Handset
	business  business
	faults    Faults
	legs      leg.Options // for calls from now on
	messages  map[string]*message
	files     map[string]file
	asked     []int64   // when permissions were asked for, for the rate limit
	expires   time.Time // of the access token, zero if never
	oddities  []string
	requests  []Request
}

// business is what a number's owner can change.
type business struct {
	settings   settings
	subscribed bool
	callback   callback // the app's
	account    callback // the account's own, in place of the app's
	number     callback // the number's own, in place of both
	fields     []string
	sip        bool
	restricted []restriction
}

// callback is a place for webhooks.
type callback struct{ url, token string }

// Start opens a server. It runs until Close or until ctx ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	o = o.withDefaults()
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("open the Graph API: %w", err)
	}
	s := &Server{
		options: o, clock: &Clock{}, url: "http://" + listener.Addr().String(), legs: o.Leg,
		customers: map[string]*Handset{}, messages: map[string]*message{}, files: map[string]file{},
		business: business{subscribed: true, fields: []string{"calls", "messages", "account_settings_update", "account_update"}},
	}
	s.business.settings = defaultSettings(!o.Business.Disabled)
	s.ctx, s.stop = context.WithCancel(context.Background())
	h := o.Hook
	h.Secret, h.Account, h.Now, h.Log = o.Business.AppSecret, o.Business.AccountID, s.clock.Now, o.Log
	s.hooks = hook.New(h)
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: headerTime, MaxHeaderBytes: 64 << 10}
	s.work.Go(func() { s.http.Serve(listener) }) // ends with Close; there is nobody to tell
	unhook := context.AfterFunc(ctx, func() { s.Close() })
	context.AfterFunc(s.ctx, func() { unhook() })
	return s, nil
}

// URL is the Graph API's base, without version.
func (s *Server) URL() string { return s.url }

// Business is the number that the server serves, with its defaults filled in.
func (s *Server) Business() Business { return s.options.Business }

// Clock is the server's time.
func (s *Server) Clock() *Clock { return s.clock }

// Hooks send the webhooks.
func (s *Server) Hooks() *hook.Sender { return s.hooks }

// SetCallback sets the app's callback without the handshake, as somebody did in
// Meta's dashboard long ago.
func (s *Server) SetCallback(url, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.callback = callback{url, token}
	s.direct()
}

// direct sends webhooks where they belong: to the number's own callback, else
// the account's, else the app's. Nothing comes while the app is not subscribed.
func (s *Server) direct() {
	b := &s.business
	at := b.callback.url
	for _, c := range []callback{b.account, b.number} {
		if c.url != "" {
			at = c.url
		}
	}
	if !b.subscribed {
		at = ""
	}
	s.hooks.SetCallback(at)
}

// SetLegs says how the relay behaves in calls from now on.
func (s *Server) SetLegs(o leg.Options) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.Log = s.options.Log
	s.legs = o
}

// tell sends a webhook if the app is subscribed to its field. s.mu is held.
func (s *Server) tell(field, kind, id string, value object) {
	if slices.Contains(s.business.fields, field) {
		s.hooks.Send(hook.Event{Field: field, Kind: kind, ID: id, Value: value})
	}
}

// Close ends all calls and waits for everything.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		err := s.http.Close()
		for _, c := range s.running() {
			s.shut(c)
		}
		s.work.Wait()
		s.closed = errors.Join(err, s.hooks.Close())
	})
	return s.closed
}
