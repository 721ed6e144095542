package graph_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/exchange/graph"
	"tring/exchange/graph/browser"
)

// openBrowser gives a customer a browser for a phone.
func openBrowser(t *testing.T, ctx context.Context, h *graph.Handset) *browser.Browser {
	t.Helper()
	b, err := browser.Open(ctx, browser.Options{})
	if errors.Is(err, browser.ErrNotInstalled) {
		t.Skip(err)
	}
	check(t, err)
	t.Cleanup(func() { check(t, b.Close()) })
	b.OnDigit(func(key string) { _ = h.Press(ctx, key) }) // a key after the end of the call is lost
	h.SetSound(b.Talk)
	return b
}

// near says whether a browser hears a tone clearly.
func near(h browser.Hearing, hz float64) bool { return math.Abs(h.Hz-hz) < 8 && h.Level > -40 }

func TestABrowserCallsTheShop(t *testing.T) {
	s := openShop(t, graph.Options{})
	b := openBrowser(t, s.ctx, s.ana)
	check(t, b.Hum(s.ctx, 1000))
	l := s.answered()
	here := s.speak(l, nil)
	s.until("the browser hears the shop: "+b.Failure(), func() bool { return near(b.Hearing(), 440) })
	s.until("the shop hears the browser", func() bool {
		tone := audiotest.FindTone(here.device.Heard(500*time.Millisecond), audio.DeviceRate)
		return math.Abs(tone.Hz-1000) < 10 && tone.Purity > 0.9
	})
	check(t, b.Press(s.ctx, "1234#"))
	s.Digits(l, "1234#")
	if b.Failure() != "" {
		t.Error(b.Failure())
	}
	check(t, s.ana.HangUp())
	s.Released(l)
	s.clean()
}

func TestTheShopCallsABrowser(t *testing.T) {
	s := openShop(t, graph.Options{})
	b := openBrowser(t, s.ctx, s.ana)
	check(t, b.Hum(s.ctx, 1000))
	check(t, s.ana.Permit(graph.Once))
	s.ana.Behave(graph.Behaviour{Answers: true})
	l, err := s.dial()
	check(t, err)
	s.Accepted(l)
	here := s.speak(l, nil)
	s.until("the browser hears the shop", func() bool { return near(b.Hearing(), 440) })
	s.until("the shop hears the browser", func() bool {
		tone := audiotest.FindTone(here.device.Heard(500*time.Millisecond), audio.DeviceRate)
		return math.Abs(tone.Hz-1000) < 10 && tone.Purity > 0.9
	})
	s.clean()
}
