package graph_test

import (
	"testing"

	"tring/exchange/graph"
	"tring/exchange/graph/leg"
	"tring/phone"
)

// From the customer's tap to the shop's ringing: the relay's offer, the signed
// webhook, and the product's way from the listener to the event.
func BenchmarkFromTapToRing(b *testing.B) {
	s := openShop(b, graph.Options{})
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_, err := s.ana.Call(graph.Dial{})
		check(b, err)
		n++
		l := s.Offer(n).Leg
		b.StopTimer()
		check(b, l.Release(s.ctx, phone.Declined))
		_, err = s.ana.Await(s.ctx, graph.Idle)
		check(b, err)
		b.StartTimer()
	}
	b.ReportMetric(float64(s.server.Hooks().Took(0.95).Microseconds()), "µs/webhook-p95")
}

func BenchmarkACallToTheBusiness(b *testing.B) {
	shop := newBusiness(b, graph.Options{Leg: leg.Options{Family: leg.Live}})
	h := shop.customer(ana)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_, err := h.Call(graph.Dial{})
		check(b, err)
		n++
		shop.act(0, object{"call_id": shop.await("connect", n).id, "action": "reject"})
	}
}
