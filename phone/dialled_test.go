package phone_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tring/phone"
	"tring/phone/phonetest"
)

// counting notes how many calls of the day it is told of.
type counting struct {
	*phonetest.Line
	today []int
}

func (l *counting) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	l.today = append(l.today, o.Today)
	return l.Line.Dial(ctx, id, to, o)
}

func TestALineIsToldHowManyCallsItPlacedTodayAlsoBeforeARestart(t *testing.T) {
	line := &counting{}
	former := func(c *phone.Config) {
		line.Line = c.Lines[0].(*phonetest.Line)
		name := line.Info().Name
		c.Lines[0], c.Store = line, phone.NewMemory()
		for _, past := range []phone.Call{
			{Line: name, Direction: phone.Outbound, Started: time.Now().Add(-25 * time.Hour)},
			{Line: name, Direction: phone.Outbound, Started: time.Now().Add(-23 * time.Hour)},
			{Line: name, Direction: phone.Inbound, Started: time.Now().Add(-2 * time.Hour)},
			{Line: "other", Direction: phone.Outbound, Started: time.Now().Add(-time.Hour)},
			{Line: name, Direction: phone.Outbound, Started: time.Now().Add(-time.Minute)},
		} {
			past.State, past.Ended = phone.Terminated, past.Started
			if err := c.Store.Begin(&past); err != nil {
				t.Fatal(err)
			}
			if err := c.Store.Save(&past, &phone.Event{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	tell(t, former, func(s *story) {
		s.dial(farNumber)
		s.dial(thirdNumber) // while the first call goes on
		if !slices.Equal(line.today, []int{2, 3}) {
			t.Errorf("it was told of %v calls, want 2 and 3", line.today)
		}
	})
}
