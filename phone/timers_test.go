package phone

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestATimerRunsOutOnceAndNotWhenItWasStoppedOrStartedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := NewMailbox()
		go box.Run()
		defer box.Close()
		timers, began := NewTimers[string](box.Post), time.Now()
		var ran []string
		owner := func(do func()) {
			box.Post(do)
			synctest.Wait()
		}
		start := func(name string, after time.Duration) {
			timers.Start(name, after, func() { ran = append(ran, name+" after "+time.Since(began).String()) })
		}
		owner(func() {
			start("ring", 2*time.Second)
			start("ring", 3*time.Second)
			start("link", time.Second)
			start("hook", time.Second)
			timers.Stop("hook")
			timers.Stop("never started")
		})
		// The owner is busy when a timer runs out, and stops it then.
		time.Sleep(1500 * time.Millisecond)
		owner(func() {
			start("late", time.Second)
			time.Sleep(2 * time.Second)
			timers.Stop("late")
		})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		owner(func() {
			start("one", time.Second)
			start("two", time.Second)
			timers.StopAll()
		})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if want := []string{"link after 1s", "ring after 3.5s"}; !slices.Equal(ran, want) {
			t.Errorf("what ran out: %v, want %v", ran, want)
		}
	})
}
