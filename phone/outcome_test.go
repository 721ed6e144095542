package phone

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

func TestOutcomeOf(t *testing.T) {
	answered := time.Now()
	for _, row := range []struct {
		name string
		call Call
		want Outcome
	}{
		{"in: we talked", Call{Direction: Inbound, Answered: answered, Cause: NormalClearing}, OutcomeAnswered},
		{"in: we talked, then the network went", Call{Direction: Inbound, Answered: answered, Cause: NetworkLost}, OutcomeAnswered},
		{"in: the caller gave up", Call{Direction: Inbound, Cause: Cancelled}, OutcomeMissed},
		{"in: it rang out", Call{Direction: Inbound, Cause: NoAnswer}, OutcomeMissed},
		{"in: it came too late", Call{Direction: Inbound, Cause: Stale}, OutcomeMissed},
		{"in: we declined", Call{Direction: Inbound, Cause: Declined}, OutcomeDeclined},
		{"in: a rule declined", Call{Direction: Inbound, Cause: RejectedByRule}, OutcomeDeclinedByRule},
		{"in: our phone took it", Call{Direction: Inbound, Cause: AnsweredElsewhere}, OutcomeElsewhere},
		{"in: our phone declined it", Call{Direction: Inbound, Cause: DeclinedElsewhere}, OutcomeElsewhere},
		{"in: our phone was faster", Call{Direction: Inbound, Answered: answered, Cause: AnsweredElsewhere}, OutcomeElsewhere},
		{"in: our phone was faster than the machine", Call{Direction: Inbound, Answered: answered, Listening: true, Cause: AnsweredElsewhere}, OutcomeElsewhere},
		{"in: our phone declined while we answered", Call{Direction: Inbound, Answered: answered, Cause: DeclinedElsewhere}, OutcomeElsewhere},
		{"in: the caller had gone when we answered", Call{Direction: Inbound, Answered: answered, Cause: Stale}, OutcomeMissed},
		{"in: the machine took it", Call{Direction: Inbound, Answered: answered, Listening: true}, OutcomeVoicemail},
		{"in: the caller hung up on the ringing machine", Call{Direction: Inbound, Listening: true, Cause: Cancelled}, OutcomeMissed},
		{"in: the reason is not known", Call{Direction: Inbound}, OutcomeMissed},
		{"out: we talked", Call{Direction: Outbound, Answered: answered}, OutcomeAnswered},
		{"out: nobody answered", Call{Direction: Outbound, Cause: NoAnswer}, OutcomeNoAnswer},
		{"out: they declined", Call{Direction: Outbound, Cause: Declined}, OutcomeDeclined},
		{"out: they were busy", Call{Direction: Outbound, Cause: Busy}, OutcomeBusy},
		{"out: we gave up", Call{Direction: Outbound, Cause: Cancelled}, OutcomeCancelled},
		{"out: no device could be reached", Call{Direction: Outbound, Cause: Unreachable}, OutcomeFailed},
		{"out: the account is locked", Call{Direction: Outbound, Cause: Restricted}, OutcomeFailed},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := OutcomeOf(row.call); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestACallThatAnotherDeviceTookLastedNoTimeHere(t *testing.T) {
	c := Call{Direction: Inbound, Cause: AnsweredElsewhere, Answered: time.Now(), Ended: time.Now().Add(time.Second)}
	if d := c.Duration(c.Ended); d != 0 {
		t.Errorf("it lasted %v", d)
	}
}

func TestEveryCauseHasANameAndASentence(t *testing.T) {
	names := map[string]bool{}
	for c := CauseUnknown; c <= Failed; c++ {
		if c.String() == "" || c.Sentence() == "" || names[c.String()] {
			t.Errorf("cause %d is %q: %q", int(c), c.String(), c.Sentence())
		}
		names[c.String()] = true
		text, err := json.Marshal(c)
		var back Cause
		if err != nil || json.Unmarshal(text, &back) != nil || back != c {
			t.Errorf("%s is written as %s and read as %v", c, text, back)
		}
	}
	var newer Cause
	if err := newer.UnmarshalText([]byte("carrier_pigeon_lost")); err != nil || newer != CauseUnknown {
		t.Errorf("a cause of a newer version is read as %v, %v", newer, err)
	}
	if got := Cause(999).Sentence(); got != CauseUnknown.Sentence() {
		t.Errorf("a wrong number says %q", got)
	}
}

func TestACauseEndsAContext(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	end(Busy)
	if !errors.Is(context.Cause(ctx), Busy) {
		t.Errorf("the context ended with %v", context.Cause(ctx))
	}
}

func TestDisplayNeverShowsABareID(t *testing.T) {
	for _, row := range []struct {
		party Party
		want  string
	}{
		{Party{Label: "Mum", Name: "Mary", Number: "+44"}, "Mum"},
		{Party{Name: "Mary", Business: "Mary Ltd"}, "Mary"},
		{Party{Business: "Mary Ltd", PushName: "m"}, "Mary Ltd"},
		{Party{PushName: "m", Number: "+44"}, "~m"},
		{Party{Number: "+44", LID: "12@lid"}, "+44"},
		{Party{LID: "12@lid", UserID: "U1", Device: "12:3@lid"}, "number hidden"},
	} {
		if got := row.party.Display(); got != row.want {
			t.Errorf("%+v is shown as %q, want %q", row.party, got, row.want)
		}
	}
}

func TestNoOtherTransitionIsAllowed(t *testing.T) {
	listed := map[Transition]bool{}
	for _, row := range Transitions {
		listed[row] = true
	}
	for s := Idle; s <= Terminated; s++ {
		for in := Dial; in <= Release; in++ {
			next, err := Next(s, in)
			if err == nil && in != Release && !listed[Transition{s, in, next}] {
				t.Errorf("%v -> %v -> %v is not in the table", s, in, next)
			}
			var wrong TransitionError
			if err != nil && (next != s || !errors.As(err, &wrong)) {
				t.Errorf("%v -> %v: %v, %v", s, in, next, err)
			}
		}
	}
	if _, err := Next(Terminated, Release); err == nil {
		t.Error("a call ends twice")
	}
}
