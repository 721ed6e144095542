package portaudio

import (
	"errors"
	"testing"
	"time"
)

func TestWhatBecomesOfADeviceIsASentence(t *testing.T) {
	for _, row := range []struct {
		report Report
		want   string
	}{
		{Report{Kind: Speaker, Event: Lost, Title: "Jabra"}, "The speaker Jabra stopped: silence until another is found."},
		{Report{Kind: Speaker, Event: Back, Title: "Jabra", After: 1234 * time.Millisecond}, "The speaker Jabra is back, after 1.23s of silence."},
		{Report{Kind: Microphone, Event: Back, Title: "Jabra"}, "The microphone Jabra is back."},
		{Report{Kind: Microphone, Event: Replaced, Title: "Jabra", After: 40 * time.Millisecond}, "The microphone is now Jabra."},
		{Report{Kind: Speaker, Event: Replaced, Title: "Laptop", Was: "Jabra", After: time.Second}, "The speaker Jabra is gone: now it is Laptop, after 1s of silence."},
		{Report{Kind: Speaker, Event: Absent, Title: "Laptop", Was: "Jabra"}, "The speaker Jabra cannot be used now: Laptop is."},
		{Report{Kind: Microphone, Event: Missing, Err: errors.New("it is busy")}, "No microphone: it is busy. The call goes on without."},
	} {
		if got := row.report.String(); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}
