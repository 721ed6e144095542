package audio

import "testing"

func TestAPileBeforeTheSpeakerIsTakenOffPeriodByPeriod(t *testing.T) {
	// A speaker slower than the microphone by 1000 ppm, for two minutes.
	var q queue
	waiting, most, left := 0.0, 0.0, 0
	for range 12000 {
		if q.full(int(waiting)) {
			left++
		} else {
			waiting += float64(periodLen)
		}
		waiting = max(0, waiting-float64(periodLen)*0.999)
		most = max(most, waiting)
	}
	if most > float64(queueMost+4*periodLen) {
		t.Errorf("%.0f samples piled up, want at most %d", most, queueMost+4*periodLen)
	}
	if left == 0 || left > 13 {
		t.Errorf("%d periods were left out in two minutes, want the 12 that there were too many", left)
	}
}

func TestASpeakerThatTakesInBurstsIsNotCheated(t *testing.T) {
	var q queue
	waiting := 0
	for i := range 12000 {
		if q.full(waiting) {
			t.Fatal("a period was left out though the speaker runs empty regularly")
		}
		if waiting += periodLen; i%8 == 7 {
			waiting = 0
		}
	}
}
