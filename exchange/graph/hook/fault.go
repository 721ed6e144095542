package hook

import (
	"slices"
	"time"
)

// Faults are what goes wrong with webhooks that are real. Kinds are those of
// events: "connect", "terminate", "RINGING", "ACCEPTED", "REJECTED", "text",
// "status", "call_permission_reply", "phone_number_settings"; "" is every kind.
type Faults struct {
	Twice   bool                     `json:"twice,omitempty"`   // each is delivered two times
	Late    map[string]time.Duration `json:"late,omitempty"`    // by kind; enough of it changes the order
	Lost    []string                 `json:"lost,omitempty"`    // kinds that never arrive
	Batch   bool                     `json:"batch,omitempty"`   // what is due within batchTime comes in one body
	Slashes bool                     `json:"slashes,omitempty"` // "/" is escaped
	Shape   Shape                    `json:"shape,omitzero"`
}

// batchTime is how long events wait for others with Faults.Batch.
const batchTime = 50 * time.Millisecond

func (f Faults) loses(kind string) bool {
	return slices.Contains(f.Lost, kind) || slices.Contains(f.Lost, "")
}

func (f Faults) delay(kind string) time.Duration {
	late, ok := f.Late[kind]
	if !ok {
		late = f.Late[""]
	}
	if f.Batch {
		late += batchTime
	}
	return late
}
