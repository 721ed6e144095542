package graph

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

// read takes an answer apart. A success that says success:false is none.
func (c *Client) read(resp *http.Response, r request, into any) error {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return unreachable(err)
	}
	if resp.StatusCode/100 != 2 {
		e := parseError(resp.StatusCode, b)
		e.RetryAfter = retryAfter(resp.Header, time.Now())
		c.config.Log.Warn("graph: refused", "path", r.kind(), "http", e.HTTP, "code", e.Code, "trace", e.Trace)
		return e
	}
	var done struct{ Success *bool }
	if json.Unmarshal(b, &done) == nil && done.Success != nil && !*done.Success {
		return &Error{HTTP: resp.StatusCode, Details: "the answer says that it did not succeed"}
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(b, into); err != nil {
		return &Error{HTTP: resp.StatusCode, Details: "the answer cannot be read", Lost: true}
	}
	return nil
}

// NetworkError says that Graph was not reached, or its answer was lost.
type NetworkError struct{ Err error }

func (e *NetworkError) Error() string {
	return "Meta's Graph API cannot be reached; check the network: " + e.Err.Error()
}

// Unwrap is the network's own error.
func (e *NetworkError) Unwrap() error { return e.Err }

// unreachable keeps the address, and with it the proof, out of the error.
func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &NetworkError{err}
}

// learnClock learns what time it is at Meta, so that calls ring although our
// own clock is wrong. The header has whole seconds: less than two is no news.
func (c *Client) learnClock(resp *http.Response, sent time.Time) {
	theirs, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return
	}
	middle := sent.Add(time.Since(sent) / 2)
	off := theirs.Add(500 * time.Millisecond).Sub(middle)
	if off.Abs() < 2*time.Second {
		off = 0
	}
	c.offset.Store(int64(off))
}

// watchUsage warns before Meta's own limits are reached.
func (c *Client) watchUsage(resp *http.Response, r request) {
	var use struct {
		Calls float64 `json:"call_count"`
		Time  float64 `json:"total_time"`
		CPU   float64 `json:"total_cputime"`
	}
	if json.Unmarshal([]byte(resp.Header.Get("X-App-Usage")), &use) != nil {
		return
	}
	if most := max(use.Calls, use.Time, use.CPU); most >= 80 {
		c.config.Log.Warn("graph: the app's limit is nearly used up", "percent", most, "path", r.kind())
	}
}
