package graph_test

import (
	"testing"
	"time"

	"tring/exchange/graph"
)

func TestCallsToCustomersAreRefusedWithTheDocumentedCodes(t *testing.T) {
	for name, c := range map[string]struct {
		options graph.Options
		before  func(*business, *graph.Handset)
		to      string
		code    int
	}{
		"no permission": {to: ana, code: 138006},
		"disabled":      {options: graph.Options{Business: graph.Business{Disabled: true}}, to: ana, code: 138000},
		"a plus":        {to: "+" + ana, code: 131030},
		"itself":        {to: "15550100100", code: 131021},
		"nobody":        {to: "", code: 131008},
		"from Canada":   {options: graph.Options{Business: graph.Business{Country: "CA"}}, to: ana, code: 138013},
		"blocked":       {before: func(_ *business, h *graph.Handset) { h.Block(true) }, to: ana, code: 138001},
		"SIP":           {before: func(b *business, _ *graph.Handset) { b.server.SetSIP(true) }, to: ana, code: 131055},
		"not paid":      {before: func(b *business, _ *graph.Handset) { b.server.SetFaults(graph.Faults{Unpaid: true}) }, to: ana, code: 131044},
		"paused": {before: func(b *business, _ *graph.Handset) {
			b.server.Restrict(true, "quality", time.Now().Add(time.Hour).Unix())
		}, to: ana, code: 138014},
		"while she calls": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Once))
			_, err := h.Call(graph.Dial{})
			check(b.t, err)
		}, to: ana, code: 138003},
		"a week too late": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Once))
			b.server.Clock().Advance(8 * 24 * time.Hour)
		}, to: ana, code: 138006},
		"taken back": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Always))
			check(b.t, h.Permit(graph.Never))
		}, to: ana, code: 138006},
		"always, a year on": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Always))
			b.server.Clock().Advance(365 * 24 * time.Hour)
		}, to: ana, code: 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBusiness(t, c.options)
			h := b.customer(ana)
			if c.before != nil {
				c.before(b, h)
			}
			b.newLine().place(c.to, c.code)
		})
	}
}
