package graph

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"tring/exchange/graph/hook"
	"tring/exchange/graph/leg"
)

// controlRead decodes a body; none at all is the zero value.
func controlRead[T any](r *http.Request) (T, error) {
	var v T
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil && !errors.Is(err, io.EOF) {
		return v, errors.New("the body is not the JSON that is expected: " + err.Error())
	}
	return v, nil
}

// ms makes a duration of milliseconds, a month at most.
func ms(v float64) time.Duration {
	const most = 31 * 24 * 3600 * 1000
	return time.Duration(max(-most, min(v, most)) * float64(time.Millisecond))
}

type (
	advance struct {
		Ms float64 `json:"advance_ms"`
	}
	toggle struct{ On bool }
)

// controlFaults are Faults with delays in milliseconds.
type controlFaults struct {
	Faults
	Endpoints map[string]struct {
		Trouble
		Delay float64 `json:"delay_ms"`
	} `json:"endpoints"`
}

func (c controlFaults) faults() Faults {
	f := c.Faults
	f.Endpoints = map[string]Trouble{}
	for name, t := range c.Endpoints {
		t.Trouble.Delay = ms(t.Delay)
		f.Endpoints[name] = t.Trouble
	}
	return f
}

// controlHooks are a webhook sender's faults with delays in milliseconds.
type controlHooks struct {
	hook.Faults
	Late map[string]float64 `json:"late_ms"`
}

func (c controlHooks) faults() hook.Faults {
	f := c.Faults
	f.Late = map[string]time.Duration{}
	for kind, delay := range c.Late {
		f.Late[kind] = ms(delay)
	}
	return f
}

// controlRelay is how the relay behaves from the next call on.
type controlRelay struct {
	Family      leg.Family `json:"family"`
	Setup       string     `json:"setup"`
	Deaf        float64    `json:"deaf_ms"`
	LostHellos  int        `json:"lost_hellos"`
	SpeaksFirst bool       `json:"speaks_first"`
	Lenient     bool       `json:"lenient"`
	Gap         float64    `json:"gap_ms"`
	EndBits     bool       `json:"end_bits"`
	Loss        float64    `json:"loss"`
	Duplicate   float64    `json:"duplicate"`
	Jitter      float64    `json:"jitter_ms"`
}

func (c controlRelay) options(base leg.Options) leg.Options {
	base.Family, base.Setup, base.Deaf, base.LostHellos = c.Family, c.Setup, ms(c.Deaf), c.LostHellos
	base.SpeaksFirst, base.Lenient, base.Gap, base.EndBits = c.SpeaksFirst, c.Lenient, ms(c.Gap), c.EndBits
	base.Network = leg.Network{Loss: c.Loss, Duplicate: c.Duplicate, Jitter: ms(c.Jitter)}
	return base
}
