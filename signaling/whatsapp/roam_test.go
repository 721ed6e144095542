package whatsapp

import (
	"testing"

	"tring/phone"
)

func TestAMoveIsAnotherWayOut(t *testing.T) {
	var r roamer
	for _, step := range []struct {
		now   string
		moved bool
	}{
		{"", false},
		{"192.168.1.5", false}, // the first network
		{"192.168.1.5", false},
		{"", false},            // a cable was pulled
		{"192.168.1.5", false}, // and put back
		{"", false},
		{"10.0.0.7", true},
		{"10.0.0.7", false},
		{"192.168.1.5", true},
	} {
		if got := r.moved(step.now); got != step.moved {
			t.Errorf("on %q: moved %v", step.now, got)
		}
	}
}

func TestAMoveOpensTheWayOfEveryCallAnew(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.offered(incomingOffer())
		_ = b.leg().Answer(t.Context())
		b.redial()
		b.wires() // waits
		if b.media.redials != 1 {
			t.Errorf("dialled anew %d times", b.media.redials)
		}
		_ = b.leg().Release(t.Context(), phone.NormalClearing)
		b.redial()
		b.wires()
		if b.media.redials != 1 {
			t.Error("the way of a call that is over was opened anew")
		}
	})
}
