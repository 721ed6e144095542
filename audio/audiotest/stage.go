package audiotest

import (
	"errors"
	"io"
	"testing"

	"tring/audio"
)

// CheckStage checks that a stage keeps audio.Reader's contract for a thousand
// periods: it fills every frame or ends with io.EOF, stays ended, writes nothing
// beyond its frame, takes frames of any length and allocates nothing. create makes
// a fresh stage.
func CheckStage(t *testing.T, create func() audio.Reader) {
	t.Helper()
	period := audio.DeviceRate.N(audio.Period)
	for _, size := range []int{period, 2 * period, 160, 1} {
		checkFrames(t, create(), size)
	}
	stage, frame := create(), make([]int16, period)
	if allocs := testing.AllocsPerRun(100, func() { stage.Read(frame) }); allocs > 0 {
		t.Errorf("a Read allocates %.0f times", allocs)
	}
}

const sentinel = 0x5AA5 // unlikely as sound, thousands of times in a row

func checkFrames(t *testing.T, stage audio.Reader, size int) {
	t.Helper()
	buffer := make([]int16, size+16)
	for range 1000 {
		for i := range buffer {
			buffer[i] = sentinel
		}
		n, err := stage.Read(buffer[:size])
		for _, s := range buffer[size:] {
			if s != sentinel {
				t.Fatalf("a Read of %d samples wrote beyond its frame", size)
			}
		}
		switch {
		case err == nil && n != size:
			t.Fatalf("a Read of %d samples returned %d without io.EOF", size, n)
		case err != nil && !errors.Is(err, io.EOF):
			t.Fatalf("a Read of %d samples failed: %v", size, err)
		case err != nil:
			checkEnded(t, stage, buffer[:size])
			return
		}
	}
}

func checkEnded(t *testing.T, stage audio.Reader, frame []int16) {
	t.Helper()
	for range 3 {
		if n, err := stage.Read(frame); n != 0 || !errors.Is(err, io.EOF) {
			t.Fatalf("after io.EOF a Read returned %d, %v", n, err)
		}
	}
}
