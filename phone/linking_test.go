package phone_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tring/phone"
)

func (s *story) pairingSteps() []phone.PairingKind {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kinds []phone.PairingKind
	for _, e := range s.events {
		if e.Kind == phone.EventPairing {
			kinds = append(kinds, e.Pairing.Kind)
		}
	}
	return kinds
}

func TestLinking(t *testing.T) {
	t.Run("scan, passkey, confirm, done", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.must(s.Link(s.ctx(), "home", phone.PairingRequest{Method: phone.ByQR}))
			pairing := s.ours.Pairing()
			pairing.Step(phone.PairingStep{Kind: phone.PairingScan, Text: "SECRET-QR"})
			pairing.Step(phone.PairingStep{Kind: phone.PairingPasskey, Text: "{}"})
			s.must(s.PairingPasskey(s.ctx(), "home", "{signed}"))
			pairing.Step(phone.PairingStep{Kind: phone.PairingConfirm, Text: "4711"})
			s.must(s.PairingConfirm(s.ctx(), "home", true))
			pairing.Step(phone.PairingStep{Kind: phone.PairingDone})
			s.pass(step)
			want := []phone.PairingKind{phone.PairingScan, phone.PairingPasskey, phone.PairingConfirm, phone.PairingDone}
			if got := s.pairingSteps(); !slices.Equal(got, want) {
				t.Errorf("steps %v, want %v", got, want)
			}
			if got := pairing.Answers(); !slices.Equal(got, []string{"passkey {signed}", "same"}) {
				t.Errorf("answers %v", got)
			}
			if err := s.CancelLink(s.ctx(), "home"); !errors.Is(err, phone.ErrNotLinking) {
				t.Errorf("CancelLink afterwards: %v", err)
			}
		})
	})
	t.Run("a second attempt ends the first", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.must(s.Link(s.ctx(), "", phone.PairingRequest{}))
			first := s.ours.Pairing()
			s.must(s.Link(s.ctx(), "", phone.PairingRequest{}))
			if !first.Cancelled() {
				t.Error("two attempts run at once")
			}
			s.ours.Pairing().Step(phone.PairingStep{Kind: phone.PairingScan})
			s.must(s.CancelLink(s.ctx(), ""))
			if !s.ours.Pairing().Cancelled() {
				t.Error("it was not cancelled")
			}
		})
	})
	t.Run("quitting ends it", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.must(s.Link(s.ctx(), "", phone.PairingRequest{}))
			asked := time.Now()
			s.quitPhone()
			if took := time.Since(asked); took >= time.Second {
				t.Errorf("it held quitting up for %v", took)
			}
			if !s.ours.Pairing().Cancelled() {
				t.Error("it goes on")
			}
		})
	})
	t.Run("a code needs a number", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			if err := s.Link(s.ctx(), "", phone.PairingRequest{Method: phone.ByCode}); err == nil {
				t.Error("it began without one")
			}
		})
	})
	t.Run("unlinking", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.must(s.Unlink(s.ctx(), "home"))
			if st := s.Lines()[0].Status; st != phone.LineUnlinked {
				t.Errorf("the line is %v", st)
			}
		})
	})
	t.Run("the codes never reach the stored events", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.must(s.Link(s.ctx(), "home", phone.PairingRequest{}))
			s.ours.Pairing().Step(phone.PairingStep{Kind: phone.PairingScan, Text: "SECRET-QR"})
			s.pass(step)
			events, err := s.store.Events(0, atNoon.AddDate(-50, 0, 0), 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == phone.EventPairing {
					t.Error("a pairing step was stored")
				}
			}
			s.must(s.CancelLink(s.ctx(), ""))
		})
	})
}
