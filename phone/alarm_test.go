package phone

import (
	"strings"
	"testing"
	"time"
)

// TestAlarmsDoNotHangOnTheClockOnTheWall sets one for a time that a network
// named; only what carries a monotonic reading is printed with one.
func TestAlarmsDoNotHangOnTheClockOnTheWall(t *testing.T) {
	p := New(Config{})
	named := time.Now().Add(time.Minute).Round(0)
	a := p.until(named, func() {})
	if !strings.Contains(a.at.String(), " m=") {
		t.Errorf("the alarm is set for %v", a.at)
	}
	if off := a.at.Round(0).Sub(named).Abs(); off > time.Second {
		t.Errorf("it is %v off", off)
	}
	p.after(time.Hour, func() {})
	if first, _ := p.alarms.next(); !first.Equal(a.at) {
		t.Errorf("the next alarm is at %v", first)
	}
}
