package whatsapp

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
	"tring/signaling/whatsapp/stanza/stanzatest"
)

// takesIn routes a stanza off the socket as a session does.
func (b *bench) takesIn(n waBinary.Node) {
	sig, err := stanza.Parse(&n)
	if err != nil {
		return
	}
	in := incoming{signal: &sig, key: [32]byte{1}, received: time.Now(), own: stanzatest.Bob17, registration: 7}
	in.party = phone.Party{LID: stanza.Bare(sig.Ref.Creator).String(), Device: stanza.DeviceText(sig.Device())}
	switch sig.Kind {
	case stanza.Offer:
		b.offered(in)
	case stanza.OfferNotice:
		b.noticed(in)
	default:
		b.signal(&sig)
	}
}

// stages are how far the call of the shapes can be when a stanza comes: one
// that Ann placed to us, or one that we, as Ann, placed to Bob.
var stages = map[string]func(b *bench){
	"before anything": func(*bench) {},
	"ringing here":    func(b *bench) { b.takesIn(stanzatest.Delivered()["offer"]) },
	"answered here": func(b *bench) {
		b.takesIn(stanzatest.Delivered()["offer"])
		_ = b.leg().Answer(context.Background())
		b.hears(relay.FirstMedia)
	},
	"calling": func(b *bench) { b.placed() },
	"answered there": func(b *bench) {
		b.placed()
		b.takesIn(stanzatest.Delivered()["accept"])
		b.hears(relay.FirstMedia)
	},
}

// placed is the call of the shapes as its caller has it.
func (b *bench) placed() {
	d := dialling{peer: stanzatest.Bob, own: stanzatest.Ann, devices: []types.JID{stanzatest.Bob, stanzatest.Bob16, stanzatest.Bob17}, key: [32]byte{2}}
	d.spec = stanza.OfferSpec{Ref: stanza.Ref{ID: stanzatest.CallID, Creator: stanzatest.Ann}, Callee: d.peer, Devices: 3, Rates: []int{16000}, Capability: stanza.WebCapability}
	sent := make(chan struct{})
	b.work.Post(func() { b.place(d, sent) })
	<-sent
	b.acks(stanza.Offer, 0)
}

func TestEveryShapeWithEachFieldDamagedIsSurvivedInEveryStage(t *testing.T) {
	for stage, reach := range stages {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			for name, n := range stanzatest.Delivered() {
				t.Run(name, func(t *testing.T) {
					stanzatest.Damaged(n, func(what string, broken waBinary.Node) {
						survives(t, what, reach, broken)
					})
				})
			}
		})
	}
}

// survives takes a stanza in, and sees that the call can be ended afterwards
// and is told to be over once.
func survives(t *testing.T, what string, reach func(*bench), n waBinary.Node) {
	t.Helper()
	onBench(t, func(t *testing.T, b *bench) {
		reach(b)
		b.takesIn(n)
		b.wires() // waits
		for _, l := range b.legs {
			_ = l.Release(t.Context(), phone.NormalClearing)
			if l.alive() || l.call.State() != call.Ended {
				t.Errorf("%s: the call cannot be ended, it is %v", what, l.call.State())
			}
		}
		ends := 0
		for _, e := range b.told() {
			if strings.HasPrefix(e, "LegReleased") {
				ends++
			}
		}
		if ends > len(b.legs) {
			t.Errorf("%s: %d ends of %d calls were told", what, ends, len(b.legs))
		}
	})
}

func TestAnOfferInSomebodyElsesNameIsIgnored(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		for i := range 5 {
			b.offered(incomingOffer(func(s *stanza.Signal) {
				s.From, s.Ref.ID, s.Stanza = types.NewJID("666", types.HiddenUserServer), fmt.Sprint("0066", i), fmt.Sprint("spoofed", i)
			}))
		}
		b.want(b.told())
		b.offered(incomingOffer()) // the line is as free as before
		b.want(b.told(), "OfferReceived")
	})
}

func TestACallOfManyMayBeOfferedByAnybodyInIt(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.offered(incomingOffer(func(s *stanza.Signal) {
			s.From, s.Body.GroupCall = types.JID{User: "300", Device: 2, Server: types.HiddenUserServer}, true
		}))
		b.want(b.told(), "OfferReceived")
		_ = b.leg().Release(t.Context(), phone.Declined)
		b.want(b.wires(), "reject to 300:2@lid", "reject to 300:2@lid") // repeated, as nobody confirms it here
	})
}
