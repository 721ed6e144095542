package cloud_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/cloud/cloudtest"
)

// The ways in which Graph, or something before it, has been seen to fail.
var broken = map[string]func(http.ResponseWriter) bool{
	"an HTML page": func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><h1>502 Bad Gateway</h1></html>")
		return true
	},
	"closed without a word": func(w http.ResponseWriter) bool {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return true
	},
	"half an answer": func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"suc`)
		return true
	},
	"too many requests": func(w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	},
}

func TestABrokenGraphIsSaidAndTheCallEnds(t *testing.T) {
	for name, fault := range broken {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			m.fault("callsaccept", fault)
			s := m.open(nil)
			leg := s.rings(cloudtest.Live)
			err := leg.Answer(t.Context())
			var why phone.Cause
			if !errors.As(err, &why) {
				t.Fatalf("the error of Answer has no cause: %v", err)
			}
			if got := s.Released(leg); got != why {
				t.Errorf("it ended as %v, Answer said %v", got, why)
			}
			m.await("callsterminate", 1) // nobody is left in a call that we do not have
		})
	}
}

// A pre_accept that fails opens no path early; the answer makes up for it.
func TestAFailedPreAcceptDoesNotSpoilTheAnswer(t *testing.T) {
	for name, fault := range broken {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			m.fault("callspre_accept", fault)
			s := m.open(nil)
			leg := s.rings(cloudtest.Live)
			m.await("callspre_accept", 1)
			m.must(leg.Answer(t.Context()))
			s.talk(leg)
		})
	}
}

func TestASlowGraphIsWaitedFor(t *testing.T) {
	m := newMeta(t)
	slow := func(http.ResponseWriter) bool { time.Sleep(300 * time.Millisecond); return false }
	for _, what := range []string{"callspre_accept", "callsaccept", "callsterminate"} {
		m.fault(what, slow)
	}
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Answer(t.Context()))
	s.talk(leg)
	m.must(leg.Release(t.Context(), phone.NormalClearing))
}

// A line that cannot reach Graph places no calls and says why; it comes back by
// itself.
func TestALineWhoseGraphBreaksSaysSoAndRecovers(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	var down atomic.Bool
	down.Store(true)
	m.fault("", func(w http.ResponseWriter) bool { return down.Load() && broken["an HTML page"](w) })
	s.push(event("account_settings_update", `"type":"phone_number_settings"`)) // has the line look at once
	s.until("the line is offline", func() bool { return s.line.Info().Status == phone.LineOffline })
	if d := s.line.Info().Detail; !strings.Contains(d, "Meta's server failed (HTTP 502)") || strings.Contains(d, "<html>") {
		t.Errorf("it says %q", d)
	}
	if _, err := s.line.Dial(t.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{}); !errors.Is(err, phone.LineDown) {
		t.Errorf("a call: %v", err)
	}
	down.Store(false)
	s.push(event("account_settings_update", `"type":"phone_number_settings"`))
	s.until("the line is ready", func() bool { return s.line.Info().Status == phone.LineReady })
}

func (s *shop) until(what string, done func() bool) {
	s.meta.Helper()
	for late := time.Now().Add(patient); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			s.meta.Fatalf("this did not happen within %v: %s", patient, what)
		}
	}
}
