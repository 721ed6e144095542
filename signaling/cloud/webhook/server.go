package webhook

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/time/rate"
)

// MaxBody is how large a delivery of Meta's may be, in bytes.
const MaxBody = 3 << 20

// maxAtOnce bounds the large deliveries that are read at the same time: anybody
// may send us a body, and it must be read before it can be told to be forged.
// Small ones, as those of calls are, never wait for them.
const (
	maxAtOnce = 16
	small     = 64 << 10
)

// maxConnections bounds who is connected at the same time, well below the files
// that a program may have open: calls need some, too. More wait to be taken.
const maxConnections = 256

// How long a delivery may take to arrive, and how long a connection may rest.
const (
	headTime = 5 * time.Second
	bodyTime = 10 * time.Second
	idleTime = 30 * time.Second
)

// Config is what a Server needs.
type Config struct {
	AppSecret   string
	VerifyToken string
	Path        string
	// Keep puts a body on disk; the answer to Meta waits for it.
	Keep func(body []byte) (number uint64, err error)
	// Handle is told of a body that was kept. It must not wait for anything.
	Handle func(Record)
	Log    *slog.Logger
	// Last is when the last event of former runs came, for Health.
	Last time.Time
}

// Server is the listener that Meta pushes to.
type Server struct {
	config Config
	slots  chan struct{}
	seldom rate.Sometimes // for warnings that anybody on the internet can cause

	mu     sync.Mutex
	health Health
}

// Health is how the listener fares.
type Health struct {
	LastEvent     time.Time // zero if there was none yet
	Events        uint64    // bodies that were taken
	LastHandshake time.Time
	Handshakes    uint64
	Strangers     uint64 // handshakes without our verify token
	Forged        uint64 // bodies whose signature was missing or wrong
	LastForged    time.Time
	Refused       uint64 // too large, too slow, not stored
}

// NewServer makes a server.
func NewServer(c Config) *Server {
	return &Server{config: c, slots: make(chan struct{}, maxAtOnce), seldom: rate.Sometimes{First: 1, Interval: time.Minute}, health: Health{LastEvent: c.Last}}
}

// Health is how the listener fares.
func (s *Server) Health() Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.health
}

func (s *Server) note(f func(*Health)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.health)
}

// Serve listens until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s, ReadHeaderTimeout: headTime, ReadTimeout: bodyTime, WriteTimeout: 2 * bodyTime,
		IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { _ = h.Close() })
	defer stop()
	if err := h.Serve(netutil.LimitListener(l, maxConnections)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ServeHTTP answers Meta.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != s.config.Path:
		http.NotFound(w, r)
	case r.Method == http.MethodGet:
		s.handshake(w, r)
	case r.Method == http.MethodPost:
		s.delivery(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
	}
}

// maxChallenge bounds what we repeat to whoever asks.
const maxChallenge = 256

// handshake repeats Meta's challenge, if it knows our verify token.
func (s *Server) handshake(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	challenge := q.Get("hub.challenge")
	if q.Get("hub.mode") != "subscribe" || len(challenge) > maxChallenge || !sameSecret(q.Get("hub.verify_token"), s.config.VerifyToken) {
		s.note(func(h *Health) { h.Strangers++ })
		s.warn()
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	s.note(func(h *Health) { h.Handshakes++; h.LastHandshake = time.Now() })
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge)
}

// delivery takes one body: read, verified, stored, then said to be taken.
func (s *Server) delivery(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength < 0 || r.ContentLength > small {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
		default:
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		s.refuse(w, err)
		return
	}
	if !Signed(s.config.AppSecret, body, r.Header.Get(SignatureHeader)) {
		s.note(func(h *Health) { h.Forged++; h.LastForged = time.Now() })
		s.warn()
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	number, err := s.config.Keep(body)
	if err != nil {
		s.note(func(h *Health) { h.Refused++ })
		s.config.Log.Error("webhook: not stored", "error", err)
		http.Error(w, "not stored", http.StatusServiceUnavailable)
		return
	}
	at := time.Now()
	s.note(func(h *Health) { h.Events++; h.LastEvent = at })
	s.config.Handle(Record{number, at, body})
	w.WriteHeader(http.StatusOK)
}

// warn says, once a minute at most, how many came who are not Meta.
func (s *Server) warn() {
	s.seldom.Do(func() {
		h := s.Health()
		s.config.Log.Warn("webhook: refused what does not come from Meta", "without signature", h.Forged, "with a wrong verify token", h.Strangers)
	})
}

func (s *Server) refuse(w http.ResponseWriter, err error) {
	s.note(func(h *Health) { h.Refused++ })
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	http.Error(w, "unreadable", http.StatusBadRequest)
}
