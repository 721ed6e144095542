package relay_test

import (
	"testing"

	exchange "tring/exchange/relay"

	"tring/signaling/whatsapp/relay"
)

func TestEveryTransportCarriesACallThroughTheExchange(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		c := newCall(t, exchange.Options{Relays: 3, FNA: true}, options)
		caller, callee := c.open(0), c.open(1)
		stop := make(chan struct{})
		defer close(stop)
		for _, s := range []*relay.Session{caller, callee} {
			s.StartMedia()
			go talk(s, stop)
		}
		await(t, caller, relay.FirstMedia)
		await(t, callee, relay.FirstMedia)
		hearSpeech(t, caller, 20)
		hearSpeech(t, callee, 20)
		for _, r := range c.cluster.Status() {
			if n := r.Counters["ordered_messages"]; n != 0 {
				t.Errorf("%d messages came ordered", n)
			}
		}
		for _, s := range []*relay.Session{caller, callee} {
			if d := s.Dropped(); d.Forged+d.Malformed+d.Foreign+d.Echoed != 0 {
				t.Errorf("dropped %+v", d)
			}
		}
	})
}
