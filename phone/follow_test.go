package phone_test

import (
	"context"
	"errors"
	"sync/atomic"
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

// failing is a store whose events cannot be read some times.
type failing struct {
	phone.Store
	times atomic.Int32
}

func (f *failing) fails() error {
	if f.times.Add(-1) >= 0 {
		return errors.New("disk I/O error")
	}
	return nil
}

func (f *failing) Events(after uint64, since time.Time, limit int) ([]phone.Event, error) {
	if err := f.fails(); err != nil {
		return nil, err
	}
	return f.Store.Events(after, since, limit)
}

func (f *failing) LastEvent() (uint64, error) {
	if err := f.fails(); err != nil {
		return 0, err
	}
	return f.Store.LastEvent()
}

func TestAReaderIsToldAfterTheStoreFailed(t *testing.T) {
	store := &failing{Store: phone.NewMemory()}
	tell(t, func(c *phone.Config) { c.Store = store }, func(s *story) {
		store.times.Store(2) // at the very beginning
		ctx, cancel := context.WithCancel(s.ctx())
		news := s.Follow(ctx, time.Now().Add(time.Millisecond))
		s.pass(time.Minute)
		store.times.Store(9) // and at the first news
		c := s.dial(farNumber)
		s.pass(time.Hour)
		select {
		case e, ok := <-news:
			if e.Call == nil || e.Call.ID != c.ID {
				t.Errorf("told %+v, %v", e, ok)
			}
		default:
			t.Error("nothing is told")
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
