package phone_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

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

// TestAReaderIsToldThoughTheClockWasSetBack follows since a time that has not
// come yet, as the clock said an hour ago.
func TestAReaderIsToldThoughTheClockWasSetBack(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.dial(farNumber)
		s.must(s.HangUp(s.ctx(), ""))
		ctx, cancel := context.WithCancel(s.ctx())
		defer cancel()
		news := s.Follow(ctx, time.Now().Add(time.Hour))
		s.pass(step)
		select {
		case e := <-news:
			t.Errorf("%s of before is told", e.Kind)
		default:
		}
		c := s.dial(thirdNumber)
		select {
		case e := <-news:
			if e.Call == nil || e.Call.ID != c.ID {
				t.Errorf("told %+v", e)
			}
		default:
			t.Error("a call that is placed now is not told")
		}
		cancel()
		for range news {
		}
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
