package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// maxBody bounds the JSON of one admin request in bytes.
const maxBody = 64 << 10

// admin is the HTTP side of an exchange, for other programs on this machine.
type admin struct{ x *Exchange }

// openAdmin serves the admin API. It can do anything to every account, so it
// listens on loopback only.
func (x *Exchange) openAdmin(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("open the admin API: %w", err)
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		listener.Close()
		return fmt.Errorf("the admin API has no password: let it listen on a loopback address, not on %s", address)
	}
	x.where.Admin = "http://" + listener.Addr().String()
	x.serve(listener, admin{x}.handler())
	return nil
}

// route is one request that the API answers.
type route struct {
	pattern string
	does    func(*http.Request) (any, error)
}

// handler is the whole API.
func (a admin) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range a.routes() {
		mux.Handle(r.pattern, a.answer(r.does))
	}
	mux.HandleFunc("GET /refusals/stream", a.streamRefusals)
	if a.x.graph != nil {
		mux.Handle("/graph/", http.StripPrefix("/graph", a.x.graph.Control()))
	}
	return local(mux)
}

// local keeps web pages out: a browser names the page that asks, and a page
// that gave its own name a loopback address still names itself as host.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" || !loopbackHost(r.Host) {
			writeJSON(w, http.StatusForbidden, problem{"the admin API answers programs on this machine only, no web pages"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// problem is the body of every refusal.
type problem struct {
	Error string `json:"error"`
}

// requestError is a refusal with its HTTP status.
type requestError struct {
	status int
	err    error
}

func (e requestError) Error() string { return e.err.Error() }
func (e requestError) Unwrap() error { return e.err }

func badRequest(format string, args ...any) error {
	return requestError{http.StatusBadRequest, fmt.Errorf(format, args...)}
}

func notFound(err error) error { return requestError{http.StatusNotFound, err} }

// answer runs a request and writes its result, {} for none.
func (a admin) answer(does func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		result, err := does(r)
		if err != nil {
			writeJSON(w, statusOf(err), problem{err.Error()})
			return
		}
		if result == nil {
			result = struct{}{}
		}
		writeJSON(w, http.StatusOK, result)
	})
}

// statusOf is 409 for what the exchange cannot do now.
func statusOf(err error) int {
	var refused requestError
	if errors.As(err, &refused) {
		return refused.status
	}
	return http.StatusConflict
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// An asker that has left needs no answer.
	_ = json.NewEncoder(w).Encode(v)
}

// read decodes the body: one JSON value of the right shape, nothing else. The
// content type must say so, because a web page cannot send it unasked.
func read[T any](r *http.Request) (T, error) {
	var v T
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return v, requestError{http.StatusUnsupportedMediaType, errors.New("send the body as Content-Type: application/json")}
	}
	return decode[T](r.Body)
}

func decode[T any](body io.Reader) (T, error) {
	var v T
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, badRequest("the body is not the JSON that is expected: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return v, badRequest("something follows the JSON")
	}
	return v, nil
}
