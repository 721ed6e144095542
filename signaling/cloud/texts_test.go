package cloud

import (
	"testing"
	"time"

	"tring/signaling/cloud/webhook"
)

func TestWhatACustomerSaysToBeingCalled(t *testing.T) {
	until := time.Date(2026, 11, 29, 9, 30, 0, 0, time.Local)
	for want, e := range map[string]webhook.Permission{
		"+15550100301 lets you call them.":                    {Granted: true, Permanent: true},
		"+15550100301 lets you call them until 29 Nov 09:30.": {Granted: true, Expires: until},
		"+15550100301 lets you call them for now.":            {Granted: true}, // Meta left out until when
		"+15550100301 does not want to be called.":            {},
	} {
		if got := replied(ana, e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
