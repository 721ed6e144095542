package phone_test

import (
	"testing"

	"tring/phone"
)

// TestTransitions plays every row of the table on a whole phone, named after
// the row.
func TestTransitions(t *testing.T) {
	plots := map[string]func(*story){
		"idle->dial->calling": func(s *story) {
			c, err := s.Dial(s.ctx(), "", farNumber)
			if err != nil || c.State != phone.Calling {
				s.t.Errorf("Dial: %v, %v", c.State, err)
			}
		},
		"calling->alerting->ringing": func(s *story) {
			c := s.dial(farNumber)
			s.is(c.ID, phone.Ringing)
		},
		"calling->accept->connecting": func(s *story) {
			s.net.MediaAtAnswer, s.net.NoAlerting = false, true
			c := s.dial(farNumber)
			s.must(s.far.Offer(1).Leg.Answer(s.ctx()))
			s.is(c.ID, phone.Connecting)
		},
		"ringing->accept->connecting": func(s *story) {
			s.net.MediaAtAnswer = false
			c := s.dial(farNumber)
			s.must(s.far.Offer(1).Leg.Answer(s.ctx()))
			s.is(c.ID, phone.Connecting)
		},
		"idle->offer->incoming": func(s *story) {
			_, c := s.ringFrom(s.far)
			s.is(c.ID, phone.Incoming)
		},
		"incoming->accept->connecting": func(s *story) {
			s.net.MediaAtAnswer = false
			_, c := s.ringFrom(s.far)
			s.must(s.Answer(s.ctx(), c.ID))
			s.is(c.ID, phone.Connecting)
		},
		"connecting->media->established": func(s *story) {
			_, c := s.ringFrom(s.far)
			s.must(s.Answer(s.ctx(), ""))
			s.is(c.ID, phone.Established)
		},
	}
	for _, row := range phone.Transitions {
		name := row.From.String() + "->" + row.In.String() + "->" + row.To.String()
		t.Run(name, func(t *testing.T) {
			plot := plots[name]
			if plot == nil {
				t.Fatal("no story plays this row")
			}
			tell(t, nil, plot)
		})
	}
}

// TestReleaseFrom ends a call in every living state.
func TestReleaseFrom(t *testing.T) {
	calling := func(s *story) phone.Call {
		c, err := s.Dial(s.ctx(), "", farNumber)
		if err != nil {
			s.t.Fatal(err)
		}
		return c
	}
	ringing := func(s *story) phone.Call { return s.dial(farNumber) }
	incoming := func(s *story) phone.Call { _, c := s.ringFrom(s.far); return c }
	connecting := func(s *story) phone.Call {
		s.net.MediaAtAnswer = false
		_, c := s.ringFrom(s.far)
		s.must(s.Answer(s.ctx(), c.ID))
		return c
	}
	established := func(s *story) phone.Call { _, c := s.talk(s.far); return c }

	for _, row := range []struct {
		name    string
		begin   func(*story) phone.Call
		state   phone.State
		cause   phone.Cause
		outcome phone.Outcome
	}{
		{"calling->release->terminated", calling, phone.Calling, phone.Cancelled, phone.OutcomeCancelled},
		{"ringing->release->terminated", ringing, phone.Ringing, phone.Cancelled, phone.OutcomeCancelled},
		{"incoming->release->terminated", incoming, phone.Incoming, phone.Declined, phone.OutcomeDeclined},
		{"connecting->release->terminated", connecting, phone.Connecting, phone.NormalClearing, phone.OutcomeAnswered},
		{"established->release->terminated", established, phone.Established, phone.NormalClearing, phone.OutcomeAnswered},
	} {
		t.Run(row.name, func(t *testing.T) {
			tell(t, nil, func(s *story) {
				c := row.begin(s)
				s.is(c.ID, row.state)
				s.must(s.HangUp(s.ctx(), c.ID))
				s.ended(c.ID, row.cause, row.outcome)
				s.must(s.HangUp(s.ctx(), c.ID)) // ending what has ended is no error
				if left := len(s.ours.Legs()); left != 0 {
					t.Errorf("%d legs are left", left)
				}
			})
		})
	}
}
