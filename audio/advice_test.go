package audio_test

import (
	"testing"
	"time"

	"tring/audio"
)

func look(a *audio.Advisor, s audio.Stats, span time.Duration) audio.Advice {
	const every = 100 * time.Millisecond
	last := audio.NoAdvice
	for range int(span / every) {
		last = a.Look(s, every)
	}
	return last
}

func level(rms, peak float64) audio.Level { return audio.Level{RMS: rms, Peak: peak} }

func TestAdviceForTheMicrophone(t *testing.T) {
	speaking, quiet := level(-25, -12), level(-70, -60)
	for _, c := range []struct {
		name  string
		stats audio.Stats
		span  time.Duration
		want  audio.Advice
	}{
		{"speaking", audio.Stats{Microphone: speaking}, time.Minute, audio.NoAdvice},
		{"speaking while muted", audio.Stats{Microphone: speaking, Muted: true}, time.Second, audio.AreYouMuted},
		{"a cough while muted", audio.Stats{Microphone: speaking, Muted: true}, 500 * time.Millisecond, audio.NoAdvice},
		{"listening while muted", audio.Stats{Microphone: quiet, Muted: true}, time.Minute, audio.NoAdvice},
		{"five seconds of zeros", audio.Stats{Microphone: quiet, DeadMicrophone: 5 * time.Second}, time.Second, audio.MicrophoneDead},
		{"zeros while muted", audio.Stats{Microphone: quiet, Muted: true, DeadMicrophone: time.Minute}, time.Second, audio.NoAdvice},
		{"zeros because the device is gone", audio.Stats{DeviceLost: true, Microphone: quiet, DeadMicrophone: time.Minute}, time.Second, audio.NoAdvice},
		{"one peak", audio.Stats{Microphone: level(-20, 0)}, 1500 * time.Millisecond, audio.NoAdvice},
		{"peak after peak", audio.Stats{Microphone: level(-10, 0)}, 4 * time.Second, audio.MicrophoneClips},
	} {
		if got := look(&audio.Advisor{}, c.stats, c.span); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAdviceGoesWhenItIsFollowed(t *testing.T) {
	var a audio.Advisor
	look(&a, audio.Stats{Microphone: level(-25, -12), Muted: true}, 2*time.Second)
	if got := look(&a, audio.Stats{Microphone: level(-25, -12)}, 100*time.Millisecond); got != audio.NoAdvice {
		t.Errorf("unmuted, and still %q", got)
	}
	look(&a, audio.Stats{Microphone: level(-10, 0)}, 5*time.Second)
	if got := look(&a, audio.Stats{Microphone: level(-25, -12)}, 10*time.Second); got != audio.NoAdvice {
		t.Errorf("no peak for ten seconds, and still %q", got)
	}
}
