package chat

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"
)

func TestACutClientComesBack(t *testing.T) {
	clientRaces(t)
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	c := n.linked(ann)
	for name, cut := range map[string]func() (int, error){
		"socket dropped":   func() (int, error) { return n.s.DropSockets(ann.Number()) },
		"stream error 503": func() (int, error) { return n.s.StreamError("", "503") },
	} {
		t.Run(name, func(t *testing.T) {
			c.forget()
			if cuts, err := cut(); cuts != 1 || err != nil {
				t.Fatalf("%d connections were cut: %v", cuts, err)
			}
			event[*events.Disconnected](c, nil)
			event[*events.Connected](c, nil)
		})
	}
}

func TestASecondLoginReplacesTheFirst(t *testing.T) {
	clientRaces(t)
	n := start(t, Options{})
	file := filepath.Join(t.TempDir(), "store.db")
	first := n.openClient(file)
	first.linkQR(n.account("+15550100001", "Ann"))
	second := n.openClient(file)
	if err := second.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	event[*events.Connected](second, nil)
	event[*events.StreamReplaced](first, nil)
}

// raceDetector is set in builds with the race detector.
var raceDetector bool

// clientRaces skips where whatsmeow itself races: on logout it replaces its
// store, and when both sides close a socket at once it clears a callback,
// while other goroutines of the client read them.
func clientRaces(t testing.TB) {
	t.Helper()
	if raceDetector {
		t.Skip("whatsmeow's client races with itself here")
	}
}

func TestAnUnlinkedClientIsLoggedOut(t *testing.T) {
	clientRaces(t)
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	c := n.linked(ann)
	if err := ann.Handset().Unlink(1); err != nil {
		t.Fatal(err)
	}
	event[*events.LoggedOut](c, nil)
	if left := ann.Handset().Companions(); len(left) != 0 {
		t.Errorf("still linked: %+v", left)
	}
	if err := ann.Handset().Unlink(1); err == nil {
		t.Error("a device was unlinked twice")
	}
}

func TestAClientLogsItselfOut(t *testing.T) {
	clientRaces(t)
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	c := n.linked(ann)
	if err := c.Logout(context.Background()); err != nil {
		t.Fatal(err)
	}
	if left := ann.Handset().Companions(); len(left) != 0 {
		t.Errorf("still linked: %+v", left)
	}
}

func TestLoginsFailOnRequest(t *testing.T) {
	clientRaces(t)
	for name, c := range map[string]struct {
		failure LoginFailure
		seen    func(any) bool
	}{
		"logged out": {LoginFailure{Reason: FailureLoggedOut}, is[*events.LoggedOut]},
		"temporary ban": {LoginFailure{Reason: FailureBanned, Code: 101, Expire: time.Hour}, func(e any) bool {
			ban, ok := e.(*events.TemporaryBan)
			return ok && ban.Expire == time.Hour && ban.Code == 101
		}},
		"client outdated":          {LoginFailure{Reason: FailureOutdated}, is[*events.ClientOutdated]},
		"unavailable for one time": {LoginFailure{Reason: FailureUnavailable, Times: 1}, is[*events.Connected]},
	} {
		t.Run(name, func(t *testing.T) {
			n := start(t, Options{})
			ann := n.account("+15550100001", "Ann")
			client := n.linked(ann)
			ann.SetLoginFailure(&c.failure)
			client.forget()
			if _, err := n.s.DropSockets(""); err != nil {
				t.Fatal(err)
			}
			client.await(name, c.seen)
		})
	}
}

func is[T any](e any) bool { _, ok := e.(T); return ok }

func TestAClientThatTrustsAnotherRootDoesNotConnect(t *testing.T) {
	n := start(t, Options{})
	start(t, Options{}) // whose root is trusted now
	if err := n.newClient().ConnectContext(context.Background()); err == nil {
		t.Error("it connected")
	}
}
