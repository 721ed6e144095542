package relay

import (
	"testing"
	"time"
)

func TestASilentLegLosesItsRegistrationThenItsConnection(t *testing.T) {
	timers := Timers{}.withDefaults()
	const s = time.Second
	for _, c := range []struct {
		name               string
		now, heard, proved time.Duration
		want               standing
	}{
		{"just heard", 10 * s, 10 * s, 10 * s, inLease},
		{"heard 4 s ago", 14 * s, 10 * s, 10 * s, inLease},
		{"heard more than 4 s ago", 14*s + 1, 10 * s, 10 * s, lapsed},
		{"talks but has not proved itself for 20 s", 30 * s, 30 * s, 10 * s, inLease},
		{"talks but has not proved itself for more than 20 s", 30*s + 1, 30 * s, 10 * s, unproven},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := timers.judge(c.now, c.heard, c.proved); got != c.want {
				t.Errorf("standing %d, want %d", got, c.want)
			}
		})
	}
}

func TestConsentIsAskedEveryFiveSecondsGiveOrTakeAFifth(t *testing.T) {
	var c consent
	every := 5 * time.Second
	if c.due(time.Second, every, 0.5) {
		t.Fatal("asked at first sight")
	}
	if c.due(5*time.Second, every, 0) || !c.due(6*time.Second, every, 0) {
		t.Error("not asked 5 s after the first sight")
	}
	if c.due(10*time.Second-1, every, 1) || !c.due(10*time.Second, every, 1) {
		t.Error("not asked 4 s later")
	}
	if c.due(16*time.Second-1, every, 1) || !c.due(16*time.Second, every, 1) {
		t.Error("not asked 6 s later")
	}
	if c.due(time.Hour, -1, 0) {
		t.Error("asked although switched off")
	}
}

func TestOnlyTheLastConsentRequestCanBeAnswered(t *testing.T) {
	c := consent{unanswered: 2, id: [12]byte{1}}
	if c.answered([12]byte{2}) {
		t.Error("took an answer to another request")
	}
	if !c.answered([12]byte{1}) || c.unanswered != 0 {
		t.Error("did not take the answer")
	}
	if c.answered([12]byte{1}) {
		t.Error("took the same answer twice")
	}
}
