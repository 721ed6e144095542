package graph

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// policy says whether a request may be sent again.
type policy int

const (
	never  policy = iota // connect, messages: a second one rings or reads twice
	once                 // pre_accept, accept: the same bytes, while it still rings
	insist               // reject, terminate: a call left open occupies people and costs
	read                 // what only asks
)

// next says how long to wait before attempt+2, or that there is none.
func (p policy) next(attempt int, err error) (time.Duration, bool) {
	limited, passing := trouble(err)
	switch {
	case !limited && !passing:
		return 0, false
	case p == once:
		return 100 * time.Millisecond, attempt < 1 && passing
	case p == insist:
		return 500 * time.Millisecond << attempt, attempt < 3
	case p == read && limited:
		return waitOf(err), attempt < 2 && waitOf(err) <= 5*time.Second
	case p == read:
		return 200*time.Millisecond + rand.N(300*time.Millisecond), attempt < 2
	}
	return 0, false
}

// trouble sorts an error: a rate limit, a passing failure, or neither.
func trouble(err error) (limited, passing bool) {
	var n *NetworkError
	if errors.As(err, &n) {
		return false, true
	}
	var e *Error
	if !errors.As(err, &e) {
		return false, false
	}
	switch e.Code {
	case 4, 80007, 613, 130429:
		return true, false
	case 138007: // nobody accepted in time: no other attempt will help
		return false, false
	}
	return e.HTTP == http.StatusTooManyRequests && e.Code == 0, e.HTTP >= 500 || e.Transient
}

// waitOf is how long a rate limit asks us to wait.
func waitOf(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter
	}
	return time.Second
}

// retryAfter reads the header of that name (RFC 9110 section 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if s, err := strconv.Atoi(text); err == nil && s >= 0 && s < 1e6 {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(text); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
