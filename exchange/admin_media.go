package exchange

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"tring/exchange/chat"
	"tring/exchange/relay"
)

// routes is the whole API; docs/exchange.md describes it.
func (a admin) routes() []route {
	out := []route{
		{"GET /addresses", func(*http.Request) (any, error) { return a.x.where.announce(), nil }},
		{"GET /parties", func(*http.Request) (any, error) { return Parties(), nil }},
		{"GET /calls", func(*http.Request) (any, error) { return a.x.Calls(), nil }},
		{"GET /calls/{call}/legs", func(r *http.Request) (any, error) { return a.legs(r.PathValue("call")) }},
		{"POST /calls/{call}/end", a.endCall},
		{"GET /refusals", a.refusals},
		{"GET /relays", func(*http.Request) (any, error) { return a.x.cluster.Status(), nil }},
		{"POST /relays/{relay}/kill", a.onRelay((*relay.Cluster).Kill)},
		{"POST /relays/{relay}/revive", a.onRelay((*relay.Cluster).Revive)},
		{"POST /relays/{relay}/freeze", a.onRelay(func(c *relay.Cluster, i int) error { return c.Freeze(i, true) })},
		{"POST /relays/{relay}/thaw", a.onRelay(func(c *relay.Cluster, i int) error { return c.Freeze(i, false) })},
		{"PUT /faults/media", a.setMediaFault},
		{"DELETE /faults/media", a.clearMediaFault},
	}
	out = append(out, a.faultRoutes()...)
	out = append(out, a.settingRoutes()...)
	out = append(out, a.handsetRoutes()...)
	return append(out, a.handsetCallRoutes()...)
}

func (a admin) legs(callID string) (any, error) {
	legs, err := a.x.cluster.Legs(callID)
	if err != nil {
		return nil, notFound(err)
	}
	return legs, nil
}

func (a admin) endCall(r *http.Request) (any, error) {
	in, err := read[struct{ Reason string }](r)
	if err != nil {
		return nil, err
	}
	return map[string]bool{"ended": a.x.chat.EndCall(r.PathValue("call"), in.Reason)}, nil
}

func (a admin) onRelay(does func(*relay.Cluster, int) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		if _, err := read[nobody](r); err != nil {
			return nil, err
		}
		i, err := strconv.Atoi(r.PathValue("relay"))
		if err != nil {
			return nil, badRequest("relays are numbered")
		}
		return nil, does(a.x.cluster, i)
	}
}

func (a admin) refusals(*http.Request) (any, error) {
	return struct {
		Counts   map[chat.Rule]int `json:"counts"`
		Refusals []chat.Refusal    `json:"refusals"`
	}{a.x.chat.RefusalCounts(), a.x.chat.Refusals()}, nil
}

// streamRefusals writes one JSON object per line for every refusal from now
// on, until the asker leaves or the exchange closes.
func (a admin) streamRefusals(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	out, control := json.NewEncoder(w), http.NewResponseController(w)
	refusals := a.x.chat.WatchRefusals(r.Context())
	for control.Flush() == nil {
		refusal, more := <-refusals
		if !more || out.Encode(refusal) != nil {
			return
		}
	}
}

// pathBody is a relay.Path in JSON; times are in milliseconds.
type pathBody struct {
	Loss      float64 `json:"loss"`
	Duplicate float64 `json:"duplicate"`
	Reorder   float64 `json:"reorder"`
	DelayMS   float64 `json:"delay_ms"`
	JitterMS  float64 `json:"jitter_ms"`
	RateBPS   int     `json:"rate_bps"`
	Seed      uint64  `json:"seed"`
}

func (p *pathBody) path() relay.Path {
	if p == nil {
		return relay.Path{}
	}
	// Clamped before the conversion: a duration cannot hold every float.
	ms := func(v float64) time.Duration {
		most := float64(relay.MaxPathDelay.Milliseconds() + 1)
		return time.Duration(max(-1, min(v, most)) * float64(time.Millisecond))
	}
	return relay.Path{
		Loss: p.Loss, Duplicate: p.Duplicate, Reorder: p.Reorder,
		Delay: ms(p.DelayMS), Jitter: ms(p.JitterMS), Rate: p.RateBPS, Seed: p.Seed,
	}
}

type scopeBody struct {
	Call    string `json:"call"`
	Account string `json:"account"`
}

type mediaBody struct {
	scopeBody
	Silent bool      `json:"silent"`
	Port   uint16    `json:"port"`
	Move   *int      `json:"move"`
	Up     *pathBody `json:"up"`
	Down   *pathBody `json:"down"`
}

func (a admin) setMediaFault(r *http.Request) (any, error) {
	in, err := read[mediaBody](r)
	if err != nil {
		return nil, err
	}
	f := MediaFault{Silent: in.Silent, Port: in.Port, Move: in.Move}
	if in.Up != nil || in.Down != nil {
		f.Path = &relay.Paths{Up: in.Up.path(), Down: in.Down.path()}
	}
	if err := a.x.SetMediaFault(Scope(in.scopeBody), f); err != nil {
		return nil, badRequest("%w", err)
	}
	return nil, nil
}

func (a admin) clearMediaFault(r *http.Request) (any, error) {
	q := r.URL.Query()
	a.x.ClearMediaFault(Scope{Call: q.Get("call"), Account: q.Get("account")})
	return nil, nil
}
