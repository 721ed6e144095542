package whatsapp_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/exchange/chat"
	"tring/phone"
	"tring/phone/linetest"
	"tring/signaling/whatsapp"
)

// linkedLine is a line that was linked once and does not run.
func linkedLine(t *testing.T, s *station) *whatsapp.Line {
	t.Helper()
	if err := s.halt(); err != nil {
		t.Fatal(err)
	}
	return s.Line
}

func TestTheLinePassesTheSuiteOfAllLines(t *testing.T) {
	linetest.Run(t, linetest.Fixture{
		New: func(t *testing.T) (a, b phone.Line) {
			x := network(t)
			ann, bob := linked(t, x, "+15550100001", "Ann"), linked(t, x, "+15550100002", "Bob")
			for _, s := range []*station{ann, bob} {
				// The handsets ring too; when they say busy, what the lines say decides.
				if err := s.account.Handset().SetPolicy(chat.CallPolicy{Do: chat.Busy}); err != nil {
					t.Fatal(err)
				}
			}
			return linkedLine(t, ann), linkedLine(t, bob)
		},
		Nobody:  phone.Party{Number: "+15550109999"},
		Timeout: patience,
		// whatsmeow's own, which wait for history a while after every link.
		Leaks:    []goleak.Option{goleak.IgnoreAnyFunction("go.mau.fi/whatsmeow.(*Client).handleHistorySyncNotificationLoop")},
		NoDigits: true,
		Payload:  append([]byte{0x58}, make([]byte, 99)...),
	})
}

func TestTheLineRunsAgainAfterItStopped(t *testing.T) {
	x := network(t)
	ann, bob := linked(t, x, "+15550100001", "Ann"), linked(t, x, "+15550100002", "Bob")
	if err := ann.halt(); err != nil {
		t.Fatalf("Run returned %v", err)
	}
	if s := ann.Info().Status; s != phone.LineOffline {
		t.Errorf("a line that does not run is %v", s)
	}
	ann.start()
	ann.awaitStatus(phone.LineReady)
	leg := ann.dial(bob)
	bob.rings(leg.ID())
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := leg.Release(ctx, phone.Cancelled); err != nil {
		t.Errorf("release: %v", err)
	}
}
