package whatsapp_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tring/phone"
	"tring/signaling/whatsapp"
)

// gate stands before an exchange. Once shut, it takes connections and says
// nothing on them.
type gate struct {
	*httptest.Server
	shut    atomic.Bool
	hangsUp atomic.Bool   // it ends a connection once it has heard something
	heard   chan struct{} // a first message, without an answer
}

func newGate(t *testing.T, exchange string) *gate {
	t.Helper()
	where, err := url.Parse(strings.Replace(exchange, "ws://", "http://", 1))
	if err != nil {
		t.Fatal(err)
	}
	where.Path = ""
	open := httputil.NewSingleHostReverseProxy(where)
	g := &gate{heard: make(chan struct{}, 100)}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.shut.Load() {
			open.ServeHTTP(w, r)
			return
		}
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			t.Errorf("the gate: %v", err)
			return
		}
		defer ws.CloseNow()
		for err == nil {
			if _, _, err = ws.Read(context.WithoutCancel(r.Context())); err == nil {
				g.heard <- struct{}{}
			}
			if g.hangsUp.Load() {
				return
			}
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gate) network(c *whatsapp.Config) {
	u, _ := url.Parse(c.Exchange.ChatURL)
	u.Host = g.Listener.Addr().(*net.TCPAddr).String()
	c.Exchange = &whatsapp.Network{ChatURL: u.String(), RootKey: c.Exchange.RootKey}
}

func (g *gate) await(t *testing.T) {
	t.Helper()
	select {
	case <-g.heard:
	case <-time.After(patience):
		t.Fatal("nobody knocked")
	}
}

// whatsmeow's own end of the wait would say that it timed out.
func endsWithoutWaiting(t *testing.T, s *station) {
	t.Helper()
	if err := s.halt(); err != nil {
		t.Errorf("Run: %v", err)
	}
	if log := s.log.String(); strings.Contains(log, "timed out waiting for handshake") {
		t.Errorf("the program waited for a server that says nothing:\n%s", log)
	}
}

func TestQuittingDoesNotWaitForAServerThatSaysNothing(t *testing.T) {
	t.Run("when the line connects", func(t *testing.T) {
		x := network(t)
		c := config(t, x, "Ann")
		g := newGate(t, c.Exchange.ChatURL)
		g.network(&c)
		s := linkedAs(t, x, c, "+15550100001", "Ann")
		s.halt()
		g.shut.Store(true)
		s.start()
		g.await(t)
		endsWithoutWaiting(t, s)
	})
	t.Run("when whatsmeow connects again after linking", func(t *testing.T) {
		x := network(t)
		c := config(t, x, "Ann")
		g := newGate(t, c.Exchange.ChatURL)
		g.network(&c)
		s := unlinked(t, x, c)
		a, err := x.AddAccount("+15550100001", "Ann")
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Link(t.Context(), phone.PairingRequest{Method: phone.ByQR})
		if err != nil {
			t.Fatal(err)
		}
		code := step(t, p, phone.PairingScan)
		g.shut.Store(true)
		if err := a.Handset().Scan(t.Context(), code.Text); err != nil {
			t.Fatal(err)
		}
		g.await(t)
		endsWithoutWaiting(t, s)
	})
}

func TestAServerThatHangsUpInsteadOfAnsweringIsTriedAgainAtOnce(t *testing.T) {
	x := network(t)
	c := config(t, x, "Ann")
	g := newGate(t, c.Exchange.ChatURL)
	g.network(&c)
	s := linkedAs(t, x, c, "+15550100001", "Ann")
	s.halt()
	g.hangsUp.Store(true)
	g.shut.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, s.tell) }()
	select {
	case err := <-ended: // the phone runs the line again
		if err == nil || strings.Contains(err.Error(), "timed out") {
			t.Errorf("Run: %v", err)
		}
	case <-time.After(patience):
		t.Error("the line waits for an answer on a connection that is gone")
	}
}
