package call

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"tring/phone"
)

var timers = Timers{Early: 1, Answer: 2, Hurry: 3, Hook: 4, Ring: 5, Link: 6}

// requests are the verbs of some actions.
func requests(do []Action) []Verb {
	var out []Verb
	for _, a := range do {
		if r, ok := a.(Request); ok {
			out = append(out, r.What)
		}
	}
	return out
}

func released(do []Action) (phone.Cause, bool) {
	for _, a := range do {
		if r, ok := a.(Released); ok {
			return r.Cause, true
		}
	}
	return 0, false
}

// story plays inputs and returns the call, and everything it did.
func story(p Plan, ons ...On) (*Call, []Action) {
	p.Timers = timers
	c, do := New(p)
	for _, on := range ons {
		do = append(do, c.Handle(Input{On: on})...)
	}
	return c, do
}

var incoming, outgoing = Plan{}, Plan{Outgoing: true}

func TestEveryMoveOfTheTable(t *testing.T) {
	for _, m := range Moves {
		t.Run(fmt.Sprintf("%s on %s becomes %s", m.From, m.On, m.To), func(t *testing.T) {
			c := &Call{state: m.From, plan: Plan{Outgoing: m.From == Dialing || m.From == Alerting, Timers: timers}}
			if c.Handle(Input{On: m.On}); c.State() != m.To {
				t.Errorf("it is %s", c.State())
			}
		})
	}
}

func TestWhatIsSentToMetaInWhichOrder(t *testing.T) {
	for _, c := range []struct {
		name  string
		plan  Plan
		ons   []On
		state State
		want  []Verb
	}{
		{"rings; the path opens before anybody answers", incoming, []On{EarlyDue, Described}, Ringing, []Verb{PreAccept}},
		{"answered when the path stands", incoming, []On{EarlyDue, Described, PreAccepted, Linked, Answer, Accepted}, Active, []Verb{PreAccept, Accept}},
		{"answered before the path stands: accept waits", incoming, []On{EarlyDue, Described, PreAccepted, Answer}, Answering, []Verb{PreAccept}},
		{"but not for ever", incoming, []On{EarlyDue, Described, PreAccepted, Answer, HurryDue}, Accepting, []Verb{PreAccept, Accept}},
		{"answered at once", incoming, []On{Answer, Described, PreAccepted, Linked, Accepted}, Active, []Verb{PreAccept, Accept}},
		{"pre_accept refused: accept alone", incoming, []On{Answer, Described, PreAcceptBad}, Accepting, []Verb{PreAccept, Accept}},
		{"never a pre_accept", Plan{Mode: NoPreAccept}, []On{Answer, Described, Accepted}, Active, []Verb{Accept}},
		{"pre_accept with the answer only", Plan{Mode: AtAnswer}, []On{Answer, Described}, Answering, []Verb{PreAccept}},
		{"declined while it rings", incoming, []On{Release}, Ended, []Verb{Reject}},
		{"declined after the path opened", incoming, []On{EarlyDue, Described, Release}, Ended, []Verb{PreAccept, Reject}},
		{"given up while accept is on its way", incoming, []On{Answer, Described, PreAcceptBad, Release, Accepted}, Ended, []Verb{PreAccept, Accept, Terminate, Terminate}},
		{"the caller hangs up while we answer", incoming, []On{Answer, Over, Described}, Ended, nil},
		{"the caller hangs up, accept had gone through", incoming, []On{Answer, Described, PreAcceptBad, Over, Accepted}, Ended, []Verb{PreAccept, Accept, Terminate}},
		{"answered twice", incoming, []On{Answer, Answer, Described, Answer}, Answering, []Verb{PreAccept}},
		{"no description can be made", incoming, []On{EarlyDue, Undescribed}, Ended, []Verb{Reject}},
		{"we call and they answer", outgoing, []On{Placed, Replied, Linked, Rings, Taken}, Active, nil},
		{"answered before it rang", outgoing, []On{Placed, Taken, Replied, Linked}, Active, nil},
		{"we cancel", outgoing, []On{Placed, Replied, Rings, Release}, Ended, []Verb{Terminate}},
		{"we cancel before Meta has the call", outgoing, []On{Release, Placed}, Ended, []Verb{Terminate}},
		{"we cancel, and Meta never took it", outgoing, []On{Release, PlaceBad}, Ended, nil},
		{"they decline", outgoing, []On{Placed, Rings, Refused, Over}, Ended, nil},
		{"nobody answers", outgoing, []On{Placed, Replied, Rings, RingDue}, Ended, []Verb{Terminate}},
		{"Meta's answer never comes", outgoing, []On{Placed, HookDue}, Ended, []Verb{Terminate}},
		{"no path", outgoing, []On{Placed, Replied, LinkDue}, Ended, []Verb{Terminate}},
		{"a path in time", outgoing, []On{Placed, Replied, Linked, LinkDue, HookDue}, Dialing, nil},
		{"the path dies", incoming, []On{Answer, Described, PreAccepted, Linked, Accepted, Lost}, Ended, []Verb{PreAccept, Accept, Terminate}},
		{"the early path dies while it rings", incoming, []On{EarlyDue, Described, PreAccepted, Lost}, Ringing, []Verb{PreAccept}},
	} {
		t.Run(c.name, func(t *testing.T) {
			call, do := story(c.plan, c.ons...)
			if got := requests(do); !reflect.DeepEqual(got, c.want) || call.State() != c.state {
				t.Errorf("it is %s and sent %v; want %s and %v", call.State(), got, c.state, c.want)
			}
		})
	}
}

func TestWhyACallEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		plan Plan
		ons  []On
		last Input
		want phone.Cause
	}{
		{"the caller gives up", incoming, nil, Input{On: Over}, phone.Cancelled},
		{"Meta says why", incoming, nil, Input{On: Over, Cause: phone.NoAnswer}, phone.NoAnswer},
		{"nobody could answer any more", incoming, nil, Input{On: AnswerDue}, phone.NoAnswer},
		{"after talking", incoming, []On{Answer, Described, PreAcceptBad, Accepted}, Input{On: Over}, phone.NormalClearing},
		{"nobody took our call", outgoing, []On{Placed, Rings}, Input{On: Over}, phone.NoAnswer},
		{"declined", outgoing, []On{Placed, Rings}, Input{On: Refused}, phone.Declined},
		{"refused by Meta", outgoing, nil, Input{On: PlaceBad, Cause: phone.NotAllowed}, phone.NotAllowed},
		{"no path", outgoing, []On{Placed, Replied}, Input{On: LinkDue}, phone.MediaTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			call, _ := story(c.plan, c.ons...)
			if why, _ := released(call.Handle(c.last)); why != c.want {
				t.Errorf("%v, want %v", why, c.want)
			}
		})
	}
}

// Whatever comes in whatever order: sound passes only when accepted, the end
// is told once and is proved, and what Meta has is ended.
func TestNoOrderOfEventsBreaksACall(t *testing.T) {
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := Plan{Outgoing: seed%2 == 0, Mode: Mode(seed / 2 % 3), Timers: timers}
		c, _ := New(p)
		opened, ends, accepted := 0, 0, false
		var log []On
		for range 25 {
			on := On(r.IntN(len(onNames)))
			log = append(log, on)
			accepted = accepted || on == Accepted || on == Taken
			for _, a := range c.Handle(Input{On: on, Cause: phone.Failed}) {
				switch a.(type) {
				case Open:
					opened++
				case Released:
					ends++
				}
			}
			switch {
			case opened > 1 || ends > 1:
				t.Fatalf("seed %d: opened %d times, ended %d times after %v", seed, opened, ends, log)
			case opened == 1 && !accepted:
				t.Fatalf("seed %d: sound passed before it was accepted: %v", seed, log)
			case (c.State() == Ended) != (ends == 1):
				t.Fatalf("seed %d: %s, ended %d times: %v", seed, c.State(), ends, log)
			}
		}
	}
}

func TestReconnectingIsToldOnceEachWay(t *testing.T) {
	_, do := story(outgoing, Placed, Replied, Taken, Linked, Quiet, Quiet, Back, Back)
	var told []Tell
	for _, a := range do {
		if x, ok := a.(Tell); ok && x.What == TellReconnecting {
			told = append(told, x)
		}
	}
	if !reflect.DeepEqual(told, []Tell{{What: TellReconnecting, On: true}, {What: TellReconnecting}}) {
		t.Errorf("%+v", told)
	}
}

func TestAnEndThatFailedCanBeSentAgain(t *testing.T) {
	c, _ := story(outgoing, Placed, Release)
	if do := c.Handle(Input{On: BuryBad}); !reflect.DeepEqual(do, []Action{Settled{Failed: true}}) {
		t.Errorf("%v", do)
	}
	if do := c.Handle(Input{On: Release}); !reflect.DeepEqual(requests(do), []Verb{Terminate}) {
		t.Errorf("%v", do)
	}
}

func TestNamesAreComplete(t *testing.T) {
	if len(onNames) != int(LinkDue)+1 || len(stateNames) != int(Ended)+1 || State(99).String() == "" || On(99).String() == "" {
		t.Error("a name is missing")
	}
}
