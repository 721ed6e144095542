package portaudio

import (
	"testing"
	"time"
)

// clock steps through Reads of 20 ms: each row says how much the microphone
// gave, and how long the Read took.
func TestSilenceKeepsTheBeat(t *testing.T) {
	const n = 960
	now := time.Unix(1000, 0)
	var b beat
	read := func(got int, took time.Duration) (allowed time.Duration) {
		allowed = b.deadline(now, n).Sub(now)
		now = now.Add(min(took, allowed))
		b.done(now, got, n)
		return allowed
	}
	steps := []struct {
		name    string
		got     int
		took    time.Duration
		allowed time.Duration
		late    int
	}{
		{"a good frame may be late by the patience", n, 20 * time.Millisecond, 120 * time.Millisecond, 0},
		{"one that does not come is waited for", 0, time.Hour, 120 * time.Millisecond, n},
		{"from then on silence comes on time", 0, time.Hour, 20 * time.Millisecond, 2 * n},
		{"and again", 100, time.Hour, 20 * time.Millisecond, 3*n - 100},
		{"the microphone is back", n, 5 * time.Millisecond, 20 * time.Millisecond, 0},
		{"and may be late again", n, 20 * time.Millisecond, 120 * time.Millisecond, 0},
	}
	for _, s := range steps {
		if got := read(s.got, s.took); got != s.allowed || b.late != s.late {
			t.Errorf("%s: allowed %v, want %v; %d samples late, want %d", s.name, got, s.allowed, b.late, s.late)
		}
	}
}

func TestAReaderThatWasAwayIsNotHurried(t *testing.T) {
	now := time.Unix(1000, 0)
	b := beat{due: now, failing: true}
	now = now.Add(time.Minute) // the lid was closed
	if got := b.deadline(now, 960).Sub(now); got != 20*time.Millisecond {
		t.Errorf("after a minute away the next frame comes in %v", got)
	}
}
