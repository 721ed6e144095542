package hook

import (
	"slices"
	"time"
)

// remembered is how many deliveries are kept.
const remembered = 2000

// Delivery is one attempt and what came of it.
type Delivery struct {
	Serial  int           `json:"serial"`
	At      time.Time     `json:"at"`
	Field   string        `json:"field"`
	Kind    string        `json:"kind"`
	ID      string        `json:"id,omitempty"`
	Changes int           `json:"changes"` // in the body
	Attempt int           `json:"attempt"` // from 1
	Status  int           `json:"status"`  // 0 if there was no answer
	Took    time.Duration `json:"took"`    // nanoseconds
	Error   string        `json:"error,omitempty"`
}

func (s *Sender) record(it item, changes, status int, took time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	d := Delivery{
		Serial: s.serial, At: time.Now(), Field: it.event.Field, Kind: it.event.Kind, ID: it.event.ID,
		Changes: changes, Attempt: it.attempt, Status: status, Took: took,
	}
	if err != nil {
		d.Error = err.Error()
	}
	s.options.Log.Debug("a webhook was delivered", "kind", d.Kind, "status", status, "attempt", d.Attempt, "took", took)
	if len(s.deliveries) == remembered {
		s.deliveries = slices.Delete(s.deliveries, 0, 1)
	}
	s.deliveries = append(s.deliveries, d)
}

// Deliveries are the latest attempts, oldest first.
func (s *Sender) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deliveries)
}

// Waiting is how many events have not been delivered.
func (s *Sender) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Took is how long the given share of the answered deliveries took at most,
// e.g. 0.95.
func (s *Sender) Took(share float64) time.Duration {
	var all []time.Duration
	for _, d := range s.Deliveries() {
		if d.Status != 0 {
			all = append(all, d.Took)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(share*float64(len(all))), len(all)-1)]
}
