package rules

import (
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func TestWhyIsToldInSentences(t *testing.T) {
	call := func(change func(*phone.Call)) phone.LogEntry {
		c := phone.Call{
			ID: "c7", Direction: phone.Inbound, Line: "personal", Started: time.Date(2026, 11, 17, 23, 4, 10, 0, time.Local),
			Party: phone.Party{Number: "+12025550143", PushName: "Eve"}, Outcome: phone.OutcomeMissed, Me: phone.Available,
		}
		change(&c)
		return phone.LogEntry{Call: c}
	}
	for _, tt := range []struct {
		name   string
		change func(*phone.Call)
		want   string
	}{
		{"a rule", func(c *phone.Call) {
			c.Action, c.Rule, c.Decided = phone.ActionSilence, "Strangers at night", 0.0421
			c.Trace = []string{step("VIPs", "caller is not @vip"), step("Urgent: twice", "call 1 of 2 in 3m"), step("Strangers at night", "matches")}
		}, `c7  Tue 17 Nov 2026 23:04:10  ~Eve +12025550143  on personal: missed
It was shown without a sound by the rule "Strangers at night", after 42µs. You were available.
   . VIPs                                     caller is not @vip
   . Urgent: twice                            call 1 of 2 in 3m
  => Strangers at night                       matches
`},
		{"no rule", func(c *phone.Call) {
			c.Action, c.Outcome, c.Me = phone.ActionRing, phone.OutcomeAnswered, phone.BusyNow
			c.Trace = []string{"no rule matches: ring"}
		}, `c7  Tue 17 Nov 2026 23:04:10  ~Eve +12025550143  on personal: answered
It rang; no rule decided. You were busy.
  => no rule matches                          ring
`},
		{"a queue, a hidden number, still ringing", func(c *phone.Call) {
			c.Action, c.Rule, c.Queue, c.Outcome, c.Party = phone.ActionQueue, "Sales", "sales", "", phone.Party{LID: "7"}
		}, "c7  Tue 17 Nov 2026 23:04:10  number hidden  on personal: not over yet\n" +
			"It rang for the queue \"sales\" by the rule \"Sales\". You were available.\n"},
		{"too late for rules", func(c *phone.Call) { c.Cause = phone.Stale }, "c7  Tue 17 Nov 2026 23:04:10  ~Eve +12025550143  on personal: missed\n" +
			"No rule was asked: it was over, or turned away, before. The call was already over when it was delivered.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			Why(&out, call(tt.change))
			if out.String() != tt.want {
				t.Errorf("got\n%swant\n%s", out.String(), tt.want)
			}
		})
	}
}

func TestEveryActionIsToldInWords(t *testing.T) {
	for _, a := range actions {
		if done[a] == "" && a != Restrict { // which is a silence, or a reject
			t.Errorf("%s has no words", a)
		}
	}
}
