package audio_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func TestAnEchoTestMeasuresDelayLossAndVoice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := audiotest.NewDevice(audiotest.Noise(1, -62))
		d.Couple(137*time.Millisecond, -18)
		var steps []audio.EchoStep
		result, err := audio.EchoTest(t.Context(), d, audio.EchoTestConfig{Speak: 3 * time.Second, Step: func(s audio.EchoStep) {
			steps = append(steps, s)
			if s == audio.EchoSpeak {
				d.Speak(audiotest.Voice(2))
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		// One period passes between Write and the Read that brings it back.
		if (result.Delay-137*time.Millisecond).Abs() > 11*time.Millisecond || math.Abs(result.Loss-18) > 1.5 || !result.Echo {
			t.Errorf("an echo of 137 ms and -18 dB was found as %+v", result)
		}
		if math.Abs(result.Noise+62) > 1 || result.Voice < -35 || result.Voice > -10 {
			t.Errorf("noise of -62 dBFS and a voice were found as %+v", result)
		}
		if len(steps) != 5 || steps[4] != audio.EchoDone {
			t.Errorf("the steps were %v", steps)
		}
		if said := result.Verdict(); !strings.Contains(said, "headphones") || !strings.Contains(said, "well heard") {
			t.Errorf("the verdict is %q", said)
		}
	})
}

func TestTheEchoIsFoundAtEveryDelayAndLoss(t *testing.T) {
	for _, late := range []time.Duration{5 * time.Millisecond, 90 * time.Millisecond, 400 * time.Millisecond} {
		for _, loss := range []float64{6, 35} {
			synctest.Test(t, func(t *testing.T) {
				d := audiotest.NewDevice(audiotest.Noise(1, -62))
				d.Couple(late, -loss)
				result, err := audio.EchoTest(t.Context(), d, audio.EchoTestConfig{})
				if err != nil || !result.Echo || (result.Delay-late).Abs() > 11*time.Millisecond || math.Abs(result.Loss-loss) > 2 {
					t.Errorf("%v, -%v dB: %+v, %v", late, loss, result, err)
				}
			})
		}
	}
}

func TestAHeadsetHasNoEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		result, err := audio.EchoTest(t.Context(), audiotest.NewDevice(audiotest.Voice(1)), audio.EchoTestConfig{})
		if err != nil || result.Echo {
			t.Errorf("%+v, %v", result, err)
		}
		if !strings.Contains(result.Verdict(), "no echo") {
			t.Errorf("the verdict is %q", result.Verdict())
		}
	})
}

func TestADeadMicrophoneIsSaidToBeDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		result, err := audio.EchoTest(t.Context(), audiotest.NewDevice(nil), audio.EchoTestConfig{Speak: time.Second})
		if err != nil || !strings.Contains(result.Verdict(), "gives silence") {
			t.Errorf("%q, %v", result.Verdict(), err)
		}
	})
}

func TestAnEchoTestEndsWithItsContextAndItsDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := audio.EchoTest(ctx, audiotest.NewDevice(nil), audio.EchoTestConfig{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the test ended with %v", err)
		}
		gone := audiotest.NewDevice(nil)
		gone.Unplug()
		if _, err := audio.EchoTest(t.Context(), gone, audio.EchoTestConfig{}); !errors.Is(err, audio.ErrDeviceLost) {
			t.Errorf("the test ended with %v", err)
		}
	})
}

func TestAnEchoResultCanBeKept(t *testing.T) {
	want := audio.EchoResult{When: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Input: "mic", Output: "spk", Echo: true, Delay: 120 * time.Millisecond, Loss: 12}
	kept, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got audio.EchoResult
	if err := json.Unmarshal(kept, &got); err != nil || got != want {
		t.Errorf("%s became %+v, %v", kept, got, err)
	}
}
