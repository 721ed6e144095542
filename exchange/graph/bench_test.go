package graph_test

import (
	"slices"
	"testing"
	"time"

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

// From the moment that Meta takes accept to the first sound of the business at
// the relay, with the path opened while it rang: half a round trip, and the
// rest of the frame that the microphone is at.
func BenchmarkFromAcceptToFirstSound(b *testing.B) {
	s := openShop(b, graph.Options{})
	var first, accept []time.Duration
	n := 0
	for b.Loop() {
		_, err := s.ana.Call(graph.Dial{})
		check(b, err)
		n++
		l := s.Offer(n).Leg
		here := s.speak(l, nil)
		s.until("the path stands", func() bool { return s.report().Media.Connected })
		began := time.Now()
		check(b, l.Answer(s.ctx))
		accept = append(accept, time.Since(began))
		s.until("sound comes", func() bool { return s.report().Media.FirstMedia > 0 })
		first = append(first, s.report().Media.FirstMedia)
		check(b, l.Release(s.ctx, phone.NormalClearing))
		_, err = s.ana.Await(s.ctx, graph.Idle)
		check(b, err)
		here.device.Close()
	}
	percentiles(b, "sound", first)
	percentiles(b, "accept", accept)
}

// percentiles prints the middle and the slow end of what was timed.
func percentiles(b *testing.B, what string, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, what+"-p50-ms")
	b.ReportMetric(took[len(took)*95/100].Seconds()*1e3, what+"-p95-ms")
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
