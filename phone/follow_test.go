package phone_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"tring/phone"
)

func TestAReaderGoesOnAfterTheLastEventThatItHad(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.dial(farNumber)
		s.must(s.HangUp(s.ctx(), ""))
		all, err := s.store.Events(0, phone.Event{}.At, 100)
		if err != nil || len(all) < 3 {
			t.Fatalf("%d events are stored, %v", len(all), err)
		}
		ctx, cancel := context.WithCancel(s.ctx())
		next := s.FollowAfter(ctx, all[1].Seq)
		for _, want := range all[2:] {
			if got := <-next; got.Seq != want.Seq {
				t.Fatalf("event %d came, want %d", got.Seq, want.Seq)
			}
		}
		cancel()
		for range next {
		}
		synctest.Wait()
	})
}

func TestALineThatCannotSayWhetherItMayCall(t *testing.T) {
	tell(t, nil, func(s *story) {
		if err := s.Inspect(s.ctx(), ""); !errors.Is(err, phone.ErrUnsupported) {
			t.Errorf("it says %v", err)
		}
		if err := s.Inspect(s.ctx(), "nowhere"); !errors.Is(err, phone.ErrNoLine) {
			t.Errorf("a line that is not there says %v", err)
		}
	})
}
