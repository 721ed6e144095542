package relay

import (
	"slices"
	"strings"
)

// Status is one relay for people and for the admin API.
type Status struct {
	Index    int               `json:"index"`
	Name     string            `json:"name"`
	Addr     string            `json:"addr"`
	Alive    bool              `json:"alive"`
	Frozen   bool              `json:"frozen"`
	Legs     int               `json:"legs"`
	Counters map[string]uint64 `json:"counters"`
}

// LegStatus is one bound address of a call.
type LegStatus struct {
	Relay     int    `json:"relay"`
	Side      string `json:"side"`
	Remote    string `json:"remote"`
	Speaking  bool   `json:"speaking"` // has sent media
	Allocated bool   `json:"allocated"`
}

// Status describes every relay.
func (c *Cluster) Status() []Status {
	out := make([]Status, 0, len(c.relays))
	for _, r := range c.relays {
		r.mu.Lock()
		s := Status{Index: r.index, Name: r.name, Addr: r.addr.String(), Alive: r.socket != nil, Legs: len(r.legs)}
		r.mu.Unlock()
		s.Frozen, s.Counters = r.frozen.Load(), r.snapshot()
		out = append(out, s)
	}
	return out
}

// Legs describes the bound addresses of a call, by relay and side.
func (c *Cluster) Legs(callID string) ([]LegStatus, error) {
	k, err := c.call(callID)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []LegStatus
	for _, seats := range k.seats {
		for _, s := range seats {
			for _, l := range s.legs {
				out = append(out, LegStatus{
					Relay: s.relay.index, Side: s.side.String(), Remote: l.remote.String(),
					Speaking: l.media.Load() != 0, Allocated: l.allocated.Load() != 0,
				})
			}
		}
	}
	slices.SortFunc(out, func(a, b LegStatus) int {
		if a.Relay != b.Relay {
			return a.Relay - b.Relay
		}
		return strings.Compare(a.Side+a.Remote, b.Side+b.Remote)
	})
	return out, nil
}
