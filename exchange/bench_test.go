package exchange_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"tring/exchange"
	"tring/phone"
)

// BenchmarkStart is from nothing to an exchange that is ready, and its end.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		x, err := exchange.Start(b.Context(), exchange.Options{Admin: "off"})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		x.Close()
		b.StartTimer()
	}
}

// BenchmarkTwoLinked is from nothing to two real lines, linked by QR and ready.
func BenchmarkTwoLinked(b *testing.B) {
	for b.Loop() {
		x := start(b, exchange.Options{Admin: "off"})
		newUser(b, x, "+15550100001").resolve("+15550100001")
		newUser(b, x, "+15550100002").resolve("+15550100001")
	}
}

// BenchmarkOfferToRing is from dialling until the callee's line says that it
// rings, encryption included.
func BenchmarkOfferToRing(b *testing.B) {
	_, ann, bob := twoUsers(b)
	to := ann.resolve("+15550100002")
	n := 0
	for b.Loop() {
		n++
		leg, err := ann.line.Dial(b.Context(), fmt.Sprint("call ", n), to, phone.DialOptions{})
		if err != nil {
			b.Fatal(err)
		}
		bob.until("it rings", isOffer)
		b.StopTimer()
		ann.hangUp(leg)
		bob.until("it stops", isReleased)
		b.StartTimer()
	}
}

// BenchmarkCall is a whole call: offer, ring, answer, relays, hang-up, by two
// real lines and their exchange in one process.
func BenchmarkCall(b *testing.B) {
	_, ann, bob := twoUsers(b)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go bob.answerAll(ctx)
	to := ann.resolve("+15550100002")
	n := 0
	for b.Loop() {
		n++
		ann.exchangeOneCall(to, fmt.Sprint("call ", n))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkLinkedClient is what one more linked client costs: the real line
// and the exchange's share.
func BenchmarkLinkedClient(b *testing.B) {
	x := start(b, exchange.Options{Admin: "off"})
	newUser(b, x, "+15550100000")
	before := measure(b)
	n := 0
	for b.Loop() {
		n++
		newUser(b, x, fmt.Sprintf("+155501%05d", n))
	}
	after := measure(b)
	b.ReportMetric(float64(int64(after.memory)-int64(before.memory))/float64(n)/1024, "KiB/client")
	b.ReportMetric(float64(after.goroutines-before.goroutines)/float64(n), "goroutines/client")
	runtime.KeepAlive(x)
}
