package graph_test

import (
	"testing"
	"time"

	"tring/audio"
	"tring/exchange/graph"
	"tring/exchange/graph/hook"
	"tring/exchange/graph/leg"
	"tring/phone"
)

// S1 and S2.
func TestScenarioACallToTheShopInBothForms(t *testing.T) {
	for _, family := range []leg.Family{leg.Documented, leg.Live} {
		t.Run(string(family), func(t *testing.T) {
			s := openShop(t, graph.Options{Leg: leg.Options{Family: family}})
			l := s.called()
			time.Sleep(time.Second) // a person reaches for the phone
			check(t, l.Answer(s.ctx))
			s.wantTones(s.speak(l, nil))
			if first := s.clean().FirstMedia; first > 200*time.Millisecond {
				t.Errorf("the first %v of speech were lost", first)
			}
			check(t, l.Release(s.ctx, phone.NormalClearing))
			s.Released(l)
			if _, err := s.ana.Await(s.ctx, graph.Idle); err != nil {
				t.Error(err)
			}
		})
	}
}

// S3, the first half.
func TestScenarioAnAnswerAfterTwentyEightSeconds(t *testing.T) {
	s := openShop(t, graph.Options{})
	l := s.called()
	s.server.Clock().Advance(28 * time.Second)
	check(t, l.Answer(s.ctx))
	s.wantTones(s.speak(l, nil))
	s.clean()
}

// S3, the second half.
func TestScenarioNobodyAnswersFor46Seconds(t *testing.T) {
	for name, fails := range map[string]bool{"completed": false, "failed with 138007": true} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, graph.Options{})
			s.server.SetFaults(graph.Faults{TimeoutFails: fails})
			l := s.called()
			s.server.Clock().Advance(46 * time.Second)
			if cause := s.Released(l); cause != phone.NoAnswer && cause != phone.Cancelled {
				t.Errorf("the cause is %v", cause)
			}
			if p, err := s.ana.Await(s.ctx, graph.Idle); err != nil || p.Text != "Not answered" {
				t.Errorf("her phone shows %+v (%v)", p, err)
			}
		})
	}
}

// S4.
func TestScenarioTheEndOvertakesTheOffer(t *testing.T) {
	s := openShop(t, graph.Options{})
	s.server.Hooks().SetFaults(hook.Faults{Late: map[string]time.Duration{"connect": 300 * time.Millisecond}})
	_, err := s.ana.Call(graph.Dial{})
	check(t, err)
	check(t, s.ana.HangUp())
	s.until("the call is missed", func() bool { _, missed := s.offers(); return missed == 1 })
	if rang, _ := s.offers(); rang != 0 {
		t.Error("a call rang that was over")
	}
	for _, name := range []string{"pre_accept", "accept", "reject", "terminate"} {
		if n := len(s.server.Requests(name)); n > 0 {
			t.Errorf("%d requests to %s for a call that was over", n, name)
		}
	}
	s.clean()
}

// S5.
func TestScenarioEveryWebhookTwice(t *testing.T) {
	s := openShop(t, graph.Options{})
	s.server.Hooks().SetFaults(hook.Faults{Twice: true})
	l := s.answered()
	s.wantTones(s.speak(l, nil))
	check(t, s.ana.HangUp())
	s.Released(l)
	s.until("everything is delivered", func() bool { return s.server.Hooks().Waiting() == 0 })
	if rang, missed := s.offers(); rang != 1 || missed != 0 || s.Releases(l) != 1 {
		t.Errorf("%d rang, %d missed, %d ended", rang, missed, s.Releases(l))
	}
	s.clean()
}

// S6.
func TestScenarioTheRelayIsDeafAndLosesTheFirstHandshake(t *testing.T) {
	s := openShop(t, graph.Options{Leg: leg.Options{Deaf: 5 * time.Second, LostHellos: 1}})
	l := s.answered()
	s.wantTones(s.speak(l, nil))
	s.clean()
}

// watchful is Meta's watchdogs twenty times as fast.
func watchful() graph.Options {
	return graph.Options{Timers: graph.Timers{Silent: time.Second, Lost: 1500 * time.Millisecond}}
}

// S7 and S8.
func TestScenarioSilenceKeepsACallAlive(t *testing.T) {
	for name, change := range map[string]func(*audio.SessionConfig){
		"muted from the start": func(c *audio.SessionConfig) { c.Muted = true },
		"no microphone":        func(c *audio.SessionConfig) { c.Device = nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, watchful())
			l := s.answered()
			s.speak(l, change)
			time.Sleep(3 * time.Second) // a minute on the watchdogs' clock
			if r := s.report(); r.State != graph.Talking {
				t.Errorf("the call is %s with %d", r.State, r.Failure)
			}
			s.clean()
		})
	}
}

// The counterpart of S7: without media, Meta ends the call.
func TestScenarioACallWithoutMediaIsEnded(t *testing.T) {
	b := newBusiness(t, watchful())
	h := b.customer(ana)
	_, err := h.Call(graph.Dial{})
	check(t, err)
	l := b.ringing(1)
	l.preAccept()
	l.connect()
	l.accept()
	e := b.await("terminate", 1)
	errs, _ := e.value["errors"].([]any)
	if e.body["status"] != "FAILED" || len(errs) != 1 || errs[0].(object)["code"] != 138021.0 {
		t.Errorf("the end is %v with %v", e.body, errs)
	}
}

// S12.
func TestScenarioDigitsWithoutEndBit(t *testing.T) {
	s := openShop(t, graph.Options{})
	l := s.answered()
	here := s.speak(l, nil)
	s.wantTones(here)
	check(t, s.ana.Press(s.ctx, "1234#"))
	s.Digits(l, "1234#")
	s.wantTones(here)
	s.clean()
}

// S13.
func TestScenarioASecondCallerWhileTalking(t *testing.T) {
	s := openShop(t, graph.Options{})
	l := s.answered()
	here := s.speak(l, nil)
	ben, err := s.server.AddCustomer(graph.Customer{Number: "15550100201", Name: "Ben"})
	check(t, err)
	_, err = ben.Call(graph.Dial{})
	check(t, err)
	second := s.Offer(2)
	check(t, second.Leg.Release(s.ctx, phone.Busy))
	if p, err := ben.Await(s.ctx, graph.Idle); err != nil || p.Text != "Call declined" {
		t.Errorf("Ben's phone shows %+v (%v)", p, err)
	}
	s.wantTones(here)
	if n := len(s.server.Requests("reject")); n != 1 {
		t.Errorf("there were %d rejects", n)
	}
}

// S16.
func TestScenarioForgedWebhooksDoNothing(t *testing.T) {
	s := openShop(t, graph.Options{Hook: hook.Options{Timeout: 3 * time.Second}})
	l := s.answered()
	here := s.speak(l, nil)
	value := object{
		"messaging_product": "whatsapp", "metadata": object{"phone_number_id": s.server.Business().PhoneNumberID},
		"calls": []object{{"id": s.report().ID, "event": "terminate", "status": "COMPLETED", "timestamp": "1"}},
	}
	for _, kind := range hook.Forgeries {
		status, _ := s.server.Hooks().Forge(kind, hook.Event{Field: "calls", Kind: "terminate", Value: value})
		if status == 200 {
			t.Errorf("the forgery %q was taken", kind)
		}
	}
	s.wantTones(here)
	if r := s.report(); r.State != graph.Talking {
		t.Errorf("the call is %s", r.State)
	}
}

// S17.
func TestScenarioAClockThatIsTenMinutesWrong(t *testing.T) {
	for name, by := range map[string]time.Duration{"slow": 10 * time.Minute, "fast": -10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, graph.Options{})
			s.server.Clock().Advance(by)
			check(t, s.line.CallingEnabled(s.ctx)) // the line talks to Graph now and then, and learns its clock
			s.wantTones(s.speak(s.answered(), nil))
		})
	}
}

// S18, with minutes as seconds.
func TestScenarioALongCallOverABadWay(t *testing.T) {
	o := watchful()
	o.Leg.Network = leg.Network{Loss: 0.05, Jitter: 20 * time.Millisecond}
	s := openShop(t, o)
	l := s.answered()
	here := s.speak(l, nil)
	s.until("four seconds passed", func() bool { return s.ana.Voice().Hearing().Total > 4*time.Second })
	r := s.clean()
	if r.Lost == 0 || r.Drift.Abs() > 60*time.Millisecond {
		t.Errorf("%d packets lost, drift %v", r.Lost, r.Drift)
	}
	s.wantTones(here)
}

// S19.
func TestScenarioACallerWithoutNumber(t *testing.T) {
	s := openShop(t, graph.Options{})
	hidden, err := s.server.AddCustomer(graph.Customer{Number: "15550100300", Name: "Kim", Username: "kim.k", UserID: "US.90000000000000300", Hidden: true})
	check(t, err)
	_, err = hidden.Call(graph.Dial{})
	check(t, err)
	offer := s.Offer(1)
	if offer.From.Number != "" || offer.From.UserID != "US.90000000000000300" {
		t.Errorf("the caller is %+v", offer.From)
	}
	check(t, offer.Leg.Release(s.ctx, phone.Declined))
	check(t, s.line.SendText(s.ctx, offer.From, "Sorry we missed you."))
	if inbox := hidden.Inbox(); len(inbox) != 1 || inbox[0].Body != "Sorry we missed you." {
		t.Errorf("Kim's inbox is %+v", inbox)
	}
}
