package whatsapp

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/util/jsontime"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
)

func TestATimeLockHasAnEnd(t *testing.T) {
	ends := time.Now().Add(time.Hour).Truncate(time.Second)
	for name, tt := range map[string]struct {
		event events.NotifyAccountReachoutTimelock
		least time.Time
		most  time.Time
	}{
		"stated":   {events.NotifyAccountReachoutTimelock{IsActive: true, TimeEnforcementEnds: jsontime.US(ends)}, ends, ends},
		"unstated": {events.NotifyAccountReachoutTimelock{IsActive: true}, time.Now().Add(unstatedLock), time.Now().Add(unstatedLock + time.Hour)},
		"over":     {events.NotifyAccountReachoutTimelock{TimeEnforcementEnds: jsontime.US(ends)}, time.Time{}, time.Time{}},
	} {
		if got := lockEnd(&tt.event); got.Before(tt.least) || got.After(tt.most) {
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
