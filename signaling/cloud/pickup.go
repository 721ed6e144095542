package cloud

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tring/phone"
)

// Meta hides the call button of numbers that rarely answer, and does not say
// where its line is. So we warn early: below lowPickup, once there are
// enoughCalls to judge by.
const (
	lowPickup   = 0.5
	enoughCalls = 5
)

// gauge keeps the customers' calls of a week, and whether they were answered.
type gauge struct {
	path string // where they are kept

	mu    sync.Mutex
	calls []picked
}

type picked struct {
	At       time.Time `json:"at"`
	Answered bool      `json:"answered"`
}

// maxPicked bounds the calls that are kept.
const maxPicked = 2000

// openGauge reads the calls of former runs; a file that is damaged is no
// reason not to take calls.
func openGauge(dir string) *gauge {
	g := &gauge{path: filepath.Join(dir, "pickup.json")}
	if text, err := os.ReadFile(g.path); err == nil && json.Unmarshal(text, &g.calls) != nil {
		g.calls = nil
	}
	return g
}

// note notes a call; low reports that the rate has just become low.
func (g *gauge) note(at time.Time, answered bool) (now phone.Pickup, low bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := rate(g.calls, at)
	if g.calls = append(g.calls, picked{at, answered}); len(g.calls) > maxPicked {
		g.calls = g.calls[1:]
	}
	now = rate(g.calls, at)
	return now, now.Low && !before.Low
}

// rate is the gauge's reading.
func (g *gauge) rate(now time.Time) phone.Pickup {
	g.mu.Lock()
	defer g.mu.Unlock()
	return rate(g.calls, now)
}

// rate counts the calls of the last week.
func rate(calls []picked, now time.Time) phone.Pickup {
	var p phone.Pickup
	for _, c := range calls {
		if now.Sub(c.At) > 7*day {
			continue
		}
		p.Offered++
		if c.Answered {
			p.Answered++
		}
	}
	p.Low = p.Offered >= enoughCalls && p.Rate() < lowPickup
	return p
}

// save writes the calls, whole or not at all.
func (g *gauge) save() error {
	g.mu.Lock()
	text, err := json.Marshal(g.calls)
	g.mu.Unlock()
	if err != nil {
		return err
	}
	tmp := g.path + ".new"
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, g.path)
}
