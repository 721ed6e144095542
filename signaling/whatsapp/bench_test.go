package whatsapp_test

import (
	"testing"
	"time"

	"tring/phone"
)

// milliseconds reports the mean of what was measured.
func milliseconds(b *testing.B, name string, total time.Duration) {
	b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), name)
}

// BenchmarkDialToRing measures from Dial until the callee's phone is told of
// the call, on the exchange: device list, keys, offer, delivery, decryption.
func BenchmarkDialToRing(b *testing.B) {
	w := newTown(b)
	b.ReportAllocs()
	var rings time.Duration
	for b.Loop() {
		began := time.Now()
		leg := w.ann.dial(w.bob)
		offer := w.bob.rings(leg.ID())
		rings += offer.Received.Sub(began)
		b.StopTimer()
		w.must(leg.Release(soon(b), phone.Cancelled))
		w.bob.awaitReleased(offer.Leg, phone.Cancelled)
		b.StartTimer()
	}
	milliseconds(b, "ms-to-ring", rings)
}

// BenchmarkAnswerToSound measures from Answer until both phones stand in the
// call, and until each has heard the other. The relay legs were opened while it
// rang.
func BenchmarkAnswerToSound(b *testing.B) {
	w := newTown(b)
	b.ReportAllocs()
	var up, sound time.Duration
	for b.Loop() {
		b.StopTimer()
		leg, offer := w.ring()
		time.Sleep(200 * time.Millisecond) // people take longer to answer
		b.StartTimer()
		began := time.Now()
		w.must(offer.Leg.Answer(soon(b)))
		w.ann.awaitAccepted(leg)
		up += time.Since(began)
		w.ann.awaitMedia(leg)
		w.bob.awaitMedia(offer.Leg)
		sound += time.Since(began)
		b.StopTimer()
		w.must(leg.Release(soon(b), phone.NormalClearing))
		w.bob.awaitReleased(offer.Leg, phone.NormalClearing)
		b.StartTimer()
	}
	milliseconds(b, "ms-to-both-up", up)
	milliseconds(b, "ms-to-sound", sound)
}

// BenchmarkLink measures from an empty store to a line that can call.
func BenchmarkLink(b *testing.B) {
	x := network(b)
	a, err := x.AddAccount("+15550100001", "Ann")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := unlinked(b, x, config(b, x, "Ann"))
		s.account = a
		s.link()
		b.StopTimer()
		if err := s.Unlink(soon(b)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
