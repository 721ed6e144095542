package chat

import (
	"errors"
	"testing"

	"go.uber.org/goleak"
)

func TestNothingRunsAfterClose(t *testing.T) {
	clientRaces(t)
	already := goleak.IgnoreCurrent()
	t.Run("a call is going on", func(t *testing.T) {
		c := meet(t, Options{Dir: t.TempDir()})
		p := c.ann.call(c.b)
		c.bob.offered(p.id)
		refusals := c.s.WatchRefusals(t.Context())
		if err := c.s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, open := <-refusals; open {
			t.Error("a refusal after the end")
		}
		if len(c.relays.released) != 1 {
			t.Errorf("the relays were released %d times", len(c.relays.released))
		}
		if _, err := c.s.AddAccount("+15550100009", "Late"); !errors.Is(err, ErrClosed) {
			t.Errorf("an account after the end: %v", err)
		}
		if err := c.s.Close(); err != nil {
			t.Errorf("closing twice: %v", err)
		}
	})
	// whatsmeow's clients keep this one for a minute after they are closed.
	history := goleak.IgnoreTopFunction("go.mau.fi/whatsmeow.(*Client).handleHistorySyncNotificationLoop")
	goleak.VerifyNone(t, already, history)
}
