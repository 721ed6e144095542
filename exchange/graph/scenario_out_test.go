package graph_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tring/exchange/graph"
	"tring/phone"
	"tring/signaling/cloud"
)

// S9.
func TestScenarioTheAnswerComesBeforeTheResponse(t *testing.T) {
	s := openShop(t, graph.Options{Timers: graph.Timers{Answer: -300 * time.Millisecond, Accept: time.Second}})
	check(t, s.ana.Permit(graph.Once))
	s.ana.Behave(graph.Behaviour{Answers: true, After: 1500 * time.Millisecond})
	l, err := s.dial()
	check(t, err)
	here := s.speak(l, nil)
	s.Alerting(l)
	s.Accepted(l)
	s.wantTones(here)
	if r := s.clean(); r.Early != 0 || r.FirstMedia < 900*time.Millisecond {
		t.Errorf("%d packets came before she answered; the first one %v after that, a second before we knew", r.Early, r.FirstMedia)
	}
	check(t, l.Release(s.ctx, phone.NormalClearing))
	s.Released(l)
}

// S10, declined and not answered.
func TestScenarioTheCustomerDoesNotTakeTheCall(t *testing.T) {
	for _, c := range []struct {
		name string
		does func(*shop)
		want phone.Cause
	}{
		{"she declines", func(s *shop) { check(s.t, s.ana.Decline()) }, phone.Declined},
		{"nobody answers", func(s *shop) { s.server.Clock().Advance(61 * time.Second) }, phone.NoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openShop(t, graph.Options{})
			check(t, s.ana.Permit(graph.Once))
			l, err := s.dial()
			check(t, err)
			_, err = s.ana.Await(s.ctx, graph.Ringing)
			check(t, err)
			c.does(s)
			if cause := s.Released(l); cause != c.want {
				t.Errorf("the cause is %v, want %v", cause, c.want)
			}
			if r := s.clean(); r.Early != 0 {
				t.Errorf("%d packets were sent to nobody", r.Early)
			}
		})
	}
}

// S10, the permission.
func TestScenarioAskForPermissionThenCall(t *testing.T) {
	s := openShop(t, graph.Options{})
	if _, err := s.dial(); !isCause(err, phone.NotAllowed) {
		t.Fatalf("without permission: %v", err)
	}
	check(t, s.ana.SendText("hello"))
	s.Text("hello")
	party := phone.Party{Number: "+" + ana}
	check(t, s.line.Ask(s.ctx, party, "May we call you?", nil))
	check(t, s.ana.Permit(graph.Once))
	s.until("the permission is known", func() bool {
		p, err := s.line.Permission(s.ctx, party)
		return err == nil && p.State == phone.PermissionTemporary && p.Refused == ""
	})
	s.ana.Behave(graph.Behaviour{Answers: true})
	l, err := s.dial()
	check(t, err)
	s.Accepted(l)
	s.wantTones(s.speak(l, nil))
	s.clean()
}

func isCause(err error, want phone.Cause) bool {
	var c phone.Cause
	return errors.As(err, &c) && c == want
}

// S11.
func TestScenarioTheResponseToConnectIsLost(t *testing.T) {
	s := openShop(t, graph.Options{})
	check(t, s.ana.Permit(graph.Once))
	s.server.SetFaults(graph.Faults{Endpoints: map[string]graph.Trouble{"connect": {Cut: true, Late: true, Times: 1}}})
	l, err := s.dial()
	check(t, err)
	_, err = s.ana.Await(s.ctx, graph.Ringing)
	check(t, err)
	check(t, s.ana.Answer())
	s.Accepted(l)
	s.wantTones(s.speak(l, nil))
	if n := len(s.server.Requests("connect")); n != 1 {
		t.Errorf("the call was placed %d times", n)
	}
	s.clean()
}

// S14.
func TestScenarioACrashedRunsCallIsEnded(t *testing.T) {
	s := openShop(t, graph.Options{})
	l := s.answered()
	s.speak(l, nil)
	next := s.config
	next.Listener, next.Dir = nil, t.TempDir()
	line, err := cloud.New(next)
	check(t, err)
	check(t, line.Recover(s.ctx, l.ID(), phone.Party{Number: "+" + ana}, true))
	if _, err := s.ana.Await(s.ctx, graph.Idle); err != nil {
		t.Error(err)
	}
}

// S15.
func TestScenarioRefusalsSayWhatToDo(t *testing.T) {
	said := map[string]string{}
	for _, c := range []struct {
		name, endpoint string
		trouble        graph.Trouble
		does           func(*shop) error
	}{
		{"131047", "messages", graph.Trouble{Code: 131047}, text},
		{"190", "messages", graph.Trouble{Code: 190}, text},
		{"429", "messages", graph.Trouble{Code: 80007}, text},
		{"an error page", "messages", graph.Trouble{HTML: 502}, text},
		{"138009", "messages", graph.Trouble{Code: 138009}, ask},
		{"138017", "messages", graph.Trouble{Code: 138017}, ask},
		{"131055", "connect", graph.Trouble{Code: 131055}, call},
		{"138013", "connect", graph.Trouble{Code: 138013}, call},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openShop(t, graph.Options{})
			check(t, s.ana.SendText("hello"))
			s.Text("hello")
			check(t, s.ana.Permit(graph.Once))
			s.server.SetFaults(graph.Faults{Endpoints: map[string]graph.Trouble{c.endpoint: c.trouble}})
			err := c.does(s)
			if err == nil {
				t.Fatal("there was no error")
			}
			if other, twice := said[err.Error()]; twice {
				t.Errorf("%q is said for %s, too", err, other)
			}
			said[err.Error()] = c.name
		})
	}
}

func text(s *shop) error { return s.line.SendText(s.ctx, phone.Party{Number: "+" + ana}, "hello") }
func ask(s *shop) error {
	return s.line.Ask(s.ctx, phone.Party{Number: "+" + ana}, "May we call?", nil)
}
func call(s *shop) error { _, err := s.dial(); return err }

// S20.
func TestScenarioSomebodyEnabledSIP(t *testing.T) {
	s := openShop(t, graph.Options{})
	s.server.SetSIP(true)
	explained := false
	for _, f := range s.line.Checkup(s.ctx) {
		explained = explained || strings.Contains(f.Wrong, "SIP")
	}
	if !explained {
		t.Errorf("the checkup does not name SIP: %+v", s.line.Checkup(s.ctx))
	}
	if _, err := s.ana.Call(graph.Dial{}); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("Ana's call: %v", err)
	}
}
