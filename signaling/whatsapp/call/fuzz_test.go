package call

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// FuzzCall feeds a call anything in any order. Whatever happens: it does not
// panic, it never comes back from the dead, its end is told once, and what
// ends it is confirmed or given up at most once.
func FuzzCall(f *testing.F) {
	f.Add(true, []byte{byte(Place), 0, byte(OfferAcked), 0, byte(Preaccepted), 1, byte(Accepted), 1, byte(MediaHeard), 0, byte(Release), 3})
	f.Add(false, []byte{byte(Offered), 0, byte(Answer), 0, byte(AcceptSeen), 0, byte(MediaHeard), 0, byte(Terminated), 2})
	f.Add(false, []byte{byte(Unreadable), 5, byte(Unreadable), 6, byte(KeyTimeout), 0, byte(ConfirmTimeout), 0, byte(ConfirmTimeout), 0})
	f.Fuzz(func(t *testing.T, out bool, steps []byte) {
		p := incomingPlan()
		if out {
			p = outgoingPlan()
		}
		check(t, New(p), steps)
	})
}

func check(t *testing.T, c *Call, steps []byte) {
	released, settled, now := 0, 0, start
	for i := 0; i+1 < len(steps); i += 2 {
		before := c.State()
		now = now.Add(time.Duration(steps[i+1]) * 100 * time.Millisecond)
		for _, a := range c.Handle(anything(On(steps[i]), steps[i+1], now)) {
			switch a.(type) {
			case TellReleased:
				released++
			case Confirmed, Unconfirmed:
				settled++
			}
		}
		if before == Ended && c.State() != Ended {
			t.Fatal("a call came back from the dead")
		}
	}
	if released > 1 || settled > 1 || (c.State() == Ended) != (released == 1) {
		t.Fatalf("state %v, released %d times, settled %d times", c.State(), released, settled)
	}
}

// anything is an input made of two bytes.
func anything(on On, b byte, at time.Time) Input {
	in := Input{On: on, At: at, Cause: phone.Cause(b % 24), Muted: b&1 != 0, Leg: Leg{Relay: "r", Address: []byte{b}}}
	in.Device = []types.JID{their0, their16, their17, hosted, stranger, {}}[int(b)%6]
	if b&8 != 0 {
		in.Ack = &stanza.Ack{Code: int(b) * 4, Relay: &relay.Block{}}
	}
	if b&16 != 0 {
		in.Signal = &stanza.Signal{Kind: stanza.Terminate, From: in.Device, Body: stanza.Body{
			Reason: []string{"", "busy", "enc", "timeout", "accepted_elsewhere", "\x00"}[int(b)%6], Count: int(b),
			Rates: []int{int(b) * 125}, Relay: &relay.Block{}, Enc: []stanza.Enc{{Count: int(b) % 8}},
		}}
	}
	return in
}

func BenchmarkCall(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c := New(outgoingPlan())
		for _, in := range active() {
			c.Handle(in)
		}
		c.Handle(release(phone.NormalClearing))
	}
}
