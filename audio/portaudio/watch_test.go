package portaudio

import (
	"slices"
	"testing"
	"time"
)

func TestWhatDoesNotOpenIsTriedEverMoreRarely(t *testing.T) {
	var r retry
	start := time.Unix(1000, 0)
	var tried []time.Duration
	for at := time.Duration(0); at < 15*time.Second; at += watchEvery {
		if r.due(start.Add(at), false) {
			tried = append(tried, at)
		}
	}
	want := []time.Duration{time.Second, 3 * time.Second, 7 * time.Second, 11 * time.Second}
	if !slices.Equal(tried, want) {
		t.Errorf("tried after %v, want %v", tried, want)
	}
	if r.due(start.Add(time.Minute), true) || r.due(start.Add(61*time.Second), false) || !r.due(start.Add(62*time.Second), false) {
		t.Error("after it was open it is not tried like at first")
	}
}
