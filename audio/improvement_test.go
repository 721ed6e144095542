package audio_test

import (
	"testing"
	"time"

	"tring/audio"
)

func TestAnImprovementIsSaidAsItWasMeasured(t *testing.T) {
	for _, c := range []struct {
		i    audio.Improvement
		want string
	}{
		{audio.Improvement{}, "echo cancelling off"},
		{audio.Improvement{Denoise: true}, "echo cancelling off"},
		{audio.Improvement{Echo: true}, "no echo heard yet"},
		{audio.Improvement{Echo: true, Found: true, Delay: 120 * time.Millisecond}, "echo found after 120 ms"},
		{audio.Improvement{Echo: true, Found: true, Reduction: 37.6}, "echo lowered by 38 dB"},
	} {
		if got := c.i.String(); got != c.want {
			t.Errorf("%+v is said as %q, want %q", c.i, got, c.want)
		}
	}
}
