package phone_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"tring/phone"
)

func TestAMailboxDoesItsWorkInOrderAndTheRestAfterItIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := phone.NewMailbox()
		var done []int
		note := func(n int) func() { return func() { done = append(done, n) } }
		m.Post(note(1))
		go m.Run()
		synctest.Wait()
		m.Post(note(2))
		m.Post(func() { m.Post(note(4)) }) // work may post more
		m.Post(note(3))
		synctest.Wait()
		m.Post(note(5))
		m.Close()
		m.Close()
		if m.Post(note(6)) {
			t.Error("a closed mailbox takes work")
		}
		synctest.Wait()
		if !slices.Equal(done, []int{1, 2, 3, 4, 5}) {
			t.Errorf("done in the order %v", done)
		}
	})
}

func TestWhatAMailboxTookIsDoneThoughItIsClosedMeanwhile(t *testing.T) {
	m := phone.NewMailbox()
	var posting sync.WaitGroup
	var taken atomic.Int64
	did := 0
	for side := range 8 {
		posting.Go(func() {
			for n := range 100 {
				if m.Post(func() { did++ }) {
					taken.Add(1)
				}
				if side == 0 && n == 50 {
					m.Close()
				}
			}
		})
	}
	m.Run()
	posting.Wait()
	if int64(did) != taken.Load() || did < 50 {
		t.Errorf("%d taken, %d done", taken.Load(), did)
	}
}
