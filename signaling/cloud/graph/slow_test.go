package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// drip is a body that takes its time.
type drip struct {
	io.Reader
	ctx   context.Context
	takes time.Duration
}

func (d *drip) Read(b []byte) (int, error) {
	if !pause(d.ctx, d.takes) {
		return 0, d.ctx.Err()
	}
	d.takes = 0
	return d.Reader.Read(b)
}

// slow answers with bodies that take their time.
type slow struct {
	wire
	takes []time.Duration // of each answer
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.wire.RoundTrip(r)
	resp.Body = io.NopCloser(&drip{resp.Body, r.Context(), s.takes[0]})
	s.takes = s.takes[1:]
	return resp, err
}

func TestOnlyAFileMayTakeMinutes(t *testing.T) {
	place := answer{status: 200, body: `{"url":"https://lookaside.example/1","mime_type":"audio/ogg"}`}
	for _, tt := range []struct {
		name  string
		takes []time.Duration
		late  bool
	}{
		{"a recording over a slow network", []time.Duration{time.Second, 4 * time.Minute}, false},
		{"a file that never comes", []time.Duration{time.Second, time.Hour}, true},
		{"an answer that never comes", []time.Duration{time.Minute, time.Minute, time.Minute}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := client()
				c.http = newHTTP()
				c.http.Transport = &slow{wire{answers: []answer{place, {status: 200, body: "ok"}}}, tt.takes}
				m, err := c.Media(t.Context(), "7")
				var network *NetworkError
				if tt.late != errors.As(err, &network) || !tt.late && string(m.Body) != "ok" {
					t.Errorf("%q, %v", m.Body, err)
				}
			})
		})
	}
}
