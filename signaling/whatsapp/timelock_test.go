package whatsapp

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
)

func TestATimeLockHasAnEnd(t *testing.T) {
	ends := time.Now().Add(time.Hour).Truncate(time.Second)
	for name, tt := range map[string]struct {
		active      bool
		ends        time.Time
		least, most time.Time
	}{
		"stated":   {true, ends, ends, ends},
		"unstated": {true, time.Time{}, time.Now().Add(unstatedLock), time.Now().Add(unstatedLock + time.Hour)},
		"over":     {false, ends, time.Time{}, time.Time{}},
	} {
		e := events.NotifyAccountReachoutTimelock{IsActive: tt.active}
		e.TimeEnforcementEnds.Time = tt.ends
		if got := lockEnd(&e); got.Before(tt.least) || got.After(tt.most) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARefusedTextSaysWhenItIsATimeLock(t *testing.T) {
	for code, locked := range map[int]bool{463: true, 404: false, 500: false} {
		err := textError(fmt.Errorf("%w %d", whatsmeow.ErrServerReturnedError, code))
		if errors.Is(err, phone.Restricted) != locked {
			t.Errorf("%d: %v", code, err)
		}
	}
	if err := textError(errors.New("the socket is gone")); errors.Is(err, phone.Restricted) {
		t.Error(err)
	}
}
