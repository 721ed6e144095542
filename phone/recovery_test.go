package phone_test

import (
	"slices"
	"testing"
	"time"

	"tring/phone"
)

// TestCrashedCalls starts a phone on the store of one that died.
func TestCrashedCalls(t *testing.T) {
	left := func(store phone.Store, c phone.Call) phone.Call {
		c.Line, c.Started = "home", time.Now().Add(-10*time.Minute)
		if err := store.Begin(&c); err != nil {
			t.Fatal(err)
		}
		if err := store.Save(&c, &phone.Event{Kind: phone.EventState}); err != nil {
			t.Fatal(err)
		}
		return c
	}
	store := phone.NewMemory()
	var talking, ringing, answered, customer phone.Call
	prepare := func(c *phone.Config) {
		began := time.Now().Add(-10 * time.Minute)
		talking = left(store, phone.Call{
			NetworkID: "A", LineKind: phone.PersonalLine, Direction: phone.Outbound, State: phone.Established, Party: phone.Party{Number: farNumber},
			Answered: began, Talking: began, Muted: true, Held: true,
		})
		if err := store.Alive([]string{talking.ID}, began.Add(90*time.Second)); err != nil {
			t.Fatal(err)
		}
		in := phone.Call{LineKind: phone.PersonalLine, Direction: phone.Inbound, Party: phone.Party{Number: thirdNumber}, State: phone.Incoming}
		in.NetworkID = "B"
		ringing = left(store, in)
		in.NetworkID, in.State, in.Answered = "C", phone.Connecting, began
		answered = left(store, in)
		in.NetworkID, in.State, in.Answered, in.LineKind = "D", phone.Incoming, time.Time{}, phone.BusinessLine
		customer = left(store, in)
		c.Store = store
	}
	tell(t, prepare, func(s *story) {
		s.pass(step)
		e := s.ended(talking.ID, phone.Crashed, phone.OutcomeAnswered)
		if d := e.Duration(time.Time{}); d != 90*time.Second {
			t.Errorf("it lasted %v, want the 90 s for which it was seen alive", d)
		}
		if e.Held || e.Muted {
			t.Error("an ended call is still held or muted")
		}
		s.ended(ringing.ID, phone.Crashed, phone.OutcomeMissed)
		s.ended(answered.ID, phone.Crashed, phone.OutcomeAnswered)
		s.ended(customer.ID, phone.Crashed, phone.OutcomeMissed)
		if s.Missed() != 2 {
			t.Errorf("%d missed", s.Missed())
		}
		if got := s.ours.Recovered(); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"A", "C", "D"}) {
			t.Errorf("the network was told to end %v, want what may still be ours", got)
		}
		if _, c := s.ringFrom(s.far); c.ID == talking.ID || c.ID == ringing.ID {
			t.Errorf("id %s was given again", c.ID)
		}
	})
}

func TestHistoryOfOtherDevices(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, mine := s.talk(s.far)
		s.must(s.HangUp(s.ctx(), ""))
		began := time.Now().Add(-time.Hour)
		past := []phone.PastCall{
			{ID: mine.NetworkID, Party: phone.Party{Number: farNumber}, Incoming: true, Cause: phone.Cancelled},
			{ID: "H1", Party: phone.Party{Number: farNumber}, Incoming: true, Started: began, Duration: time.Minute},
			{ID: "H2", Party: phone.Party{Number: thirdNumber}, Incoming: true, Started: began.Add(time.Minute), Cause: phone.Cancelled},
			{ID: "H3", Party: phone.Party{Number: thirdNumber}, Started: began.Add(2 * time.Minute), Cause: phone.NoAnswer},
		}
		for range 2 { // the network tells it again
			s.ours.Tell(phone.HistoryLearned{Calls: past})
			s.pass(step)
		}
		entries, err := s.Log(s.ctx(), phone.Query{})
		if err != nil {
			t.Fatal(err)
		}
		var got []phone.Outcome
		for _, e := range entries {
			got = append(got, e.Outcome)
		}
		want := []phone.Outcome{phone.OutcomeAnswered, phone.OutcomeNoAnswer, phone.OutcomeMissed, phone.OutcomeElsewhere}
		if len(got) != len(want) {
			t.Fatalf("the log has %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("the log has %v, want %v", got, want)
				break
			}
		}
		if s.Missed() != 0 {
			t.Errorf("%d missed calls wait for somebody who saw them elsewhere", s.Missed())
		}
		if missed := entries[2]; !missed.Seen {
			t.Errorf("the store has %+v", missed)
		}
	})
}

func TestQuit(t *testing.T) {
	t.Run("ends the call in progress and tells the other side", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.talk(s.far)
			store := s.store
			s.quitPhone()
			s.far.Released(leg)
			if e, _ := store.Calls([]string{c.ID}); len(e) != 1 || e[0].Cause != phone.NormalClearing {
				t.Errorf("logged as %+v", e)
			}
		})
	})
	t.Run("lets a ringing call ring on elsewhere", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			store := s.store
			s.quitPhone()
			if e, _ := store.Calls([]string{c.ID}); len(e) != 1 || e[0].Outcome != phone.OutcomeMissed {
				t.Errorf("logged as %+v", e)
			}
			if s.far.Releases(leg) != 0 {
				t.Error("the caller was told")
			}
		})
	})
	t.Run("does not wait long for a network that does not answer", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.talk(s.far)
			s.ours.Deafen(1000)
			began := time.Now()
			s.quitPhone()
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	})
	t.Run("commands afterwards say that the phone is closed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.quitPhone()
			if err := s.HangUp(s.ctx(), ""); err != phone.ErrClosed {
				t.Errorf("HangUp: %v", err)
			}
			for range s.Watch(s.ctx()) {
			} // ends by itself
		})
	})
}

func TestALineThatStops(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, c := s.talk(s.far)
		s.ours.Fail()
		s.pass(step)
		s.ended(c.ID, phone.NetworkLost, phone.OutcomeAnswered)
		s.pass(2 * time.Second)
		if st := s.Lines()[0].Status; st != phone.LineReady {
			t.Errorf("the line is %v two seconds later", st)
		}
		s.talk(s.far)
	})
}
