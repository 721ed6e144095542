package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"tring/phone"
	"tring/signaling/cloud"
)

// placesCalls has Meta take every call under an id of its own, once free is
// closed.
func (m *meta) placesCalls(free <-chan struct{}) {
	var n atomic.Int32
	m.fault("callsconnect", func(w http.ResponseWriter) bool {
		<-free
		fmt.Fprintf(w, `{"calls":[{"id":"wacid.out%d"}]}`, n.Add(1))
		return true
	})
}

// dial places a call to Ann, n of the test.
func (s *shop) dial(ctx context.Context, n int) (phone.Leg, error) {
	return s.line.Dial(ctx, fmt.Sprintf("c%d", n), phone.Party{Number: "+" + ann}, phone.DialOptions{})
}

func TestACallThatWasAbandonedBeforeMetaTookItFreesItsPlace(t *testing.T) {
	m := newMeta(t)
	s := m.open(func(c *cloud.Config) { c.Limits.Calls = 1 })
	for n := 1; n <= 2; n++ {
		taken := make(chan struct{})
		m.placesCalls(taken)
		ctx, hangUp := context.WithCancel(t.Context())
		dialled := make(chan error, 1)
		go func() { _, err := s.dial(ctx, n); dialled <- err }()
		m.await("callsconnect", n)
		hangUp()
		if err := <-dialled; !errors.Is(err, phone.Cancelled) {
			t.Errorf("call %d: %v", n, err)
		}
		close(taken)
		m.await("callsterminate", n)
	}
	leg, err := s.dial(t.Context(), 3)
	m.must(err)
	m.must(leg.Release(t.Context(), phone.Cancelled))
}

func TestAPlacedCallCountsOnce(t *testing.T) {
	m := newMeta(t)
	free := make(chan struct{})
	close(free)
	m.placesCalls(free)
	s := m.open(func(c *cloud.Config) { c.Limits.Calls = 2 })
	for n := range 2 {
		if _, err := s.dial(t.Context(), n); err != nil {
			t.Errorf("call %d: %v", n, err)
		}
	}
	if _, err := s.dial(t.Context(), 2); !errors.Is(err, phone.RateLimited) {
		t.Errorf("a third call: %v", err)
	}
}
