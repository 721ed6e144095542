package whatsapp_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
)

// patience bounds every wait of these tests; the machine is shared.
const patience = 20 * time.Second

// network starts an exchange in strict mode. Up to the end of the test it must
// have refused nothing, except for what the test provokes.
func network(t testing.TB, provoked ...chat.Rule) *exchange.Exchange {
	t.Helper()
	return networkOf(t, chat.Options{}, provoked...)
}

func networkOf(t testing.TB, o chat.Options, provoked ...chat.Rule) *exchange.Exchange {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	if os.Getenv("TRING_TRACE") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	x, err := exchange.Start(context.WithoutCancel(t.Context()), exchange.Options{Admin: "off", Log: log, Trace: os.Getenv("TRING_TRACE") != "", Chat: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, r := range x.Refusals() {
			if !slices.Contains(provoked, r.Rule) {
				t.Errorf("the exchange refused: %+v", r)
			}
		}
		if err := x.Close(); err != nil {
			t.Errorf("close the exchange: %v", err)
		}
	})
	return x
}

// station is a line that runs, and what it told.
type station struct {
	*whatsapp.Line
	t       testing.TB
	account *exchange.Account
	stop    context.CancelFunc
	done    chan error
	log     *safeBuffer

	mu     sync.Mutex
	events []phone.LineEvent
	told   chan struct{}
}

type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
func (b *safeBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.Buffer.String() }

// config is a line's configuration on an exchange.
func config(t testing.TB, x *exchange.Exchange, name string) whatsapp.Config {
	where := x.Addresses()
	c := whatsapp.Config{Name: name, Dir: t.TempDir(), Exchange: &whatsapp.Network{ChatURL: where.Chat, RootKey: where.RootKey}}
	c.Media.Fingerprint = where.Relays[0].Fingerprint
	return c
}

// unlinked starts a line that is not linked yet.
func unlinked(t testing.TB, x *exchange.Exchange, c whatsapp.Config) *station {
	t.Helper()
	s := &station{t: t, told: make(chan struct{}, 1), done: make(chan error, 1), log: &safeBuffer{}}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	var err error
	if s.Line, err = whatsapp.New(c); err != nil {
		t.Fatal(err)
	}
	s.start()
	t.Cleanup(func() {
		s.halt()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if t.Failed() || testing.Verbose() {
			t.Logf("log of %s:\n%s", c.Name, s.log)
		}
	})
	return s
}

func (s *station) start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go func() { s.done <- s.Run(ctx, s.tell) }()
	s.await("status", func(e phone.LineEvent) bool { _, ok := e.(phone.LineChanged); return ok })
}

// halt ends Run and waits for it.
func (s *station) halt() error {
	if s.stop == nil {
		return nil
	}
	s.stop()
	s.stop = nil
	select {
	case err := <-s.done:
		return err
	case <-time.After(patience):
		s.t.Error("Run did not end")
		return nil
	}
}

func (s *station) tell(e phone.LineEvent) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	select {
	case s.told <- struct{}{}:
	default:
	}
}

func (s *station) seen() []phone.LineEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]phone.LineEvent(nil), s.events...)
}

// await waits for an event that fits, among those told already too.
func (s *station) await(what string, fits func(phone.LineEvent) bool) phone.LineEvent {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		for _, e := range s.seen() {
			if fits(e) {
				return e
			}
		}
		select {
		case <-s.told:
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			s.t.Fatalf("%s: waited for %s in vain; events: %+v", s.Info().Name, what, s.seen())
		}
	}
}

func (s *station) awaitStatus(want phone.LineStatus) {
	s.t.Helper()
	s.await(want.String(), func(phone.LineEvent) bool { return s.Info().Status == want })
}

// linked is a line that is linked to a fresh account by QR code.
func linked(t testing.TB, x *exchange.Exchange, number, name string) *station {
	t.Helper()
	return linkedAs(t, x, config(t, x, name), number, name)
}

func linkedAs(t testing.TB, x *exchange.Exchange, c whatsapp.Config, number, name string) *station {
	t.Helper()
	a, err := x.Account(number)
	if err != nil {
		if a, err = x.AddAccount(number, name); err != nil {
			t.Fatal(err)
		}
	}
	s := unlinked(t, x, c)
	s.account = a
	s.link()
	return s
}

// link scans the QR code with the account's handset.
func (s *station) link() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	p, err := s.Link(ctx, phone.PairingRequest{Method: phone.ByQR})
	if err != nil {
		s.t.Fatal(err)
	}
	for step := range p.Steps() {
		switch step.Kind {
		case phone.PairingScan:
			if err := s.account.Handset().Scan(ctx, step.Text); err != nil {
				s.t.Fatalf("scan: %v", err)
			}
		case phone.PairingFailed:
			s.t.Fatalf("linking failed: %v", step.Err)
		}
	}
	s.awaitStatus(phone.LineReady)
	// The phone introduces itself to a new link with messages of its own; our
	// name is in the last of them.
	s.await("our name", func(phone.LineEvent) bool { return s.Info().Own.PushName == s.account.Name() })
}

func (s *station) number() phone.Party { return phone.Party{Number: s.account.Number()} }

// dial calls another station.
func (s *station) dial(to *station) phone.Leg {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	leg, err := s.Dial(ctx, "test", to.number(), phone.DialOptions{})
	if err != nil {
		s.t.Fatalf("dial: %v", err)
	}
	return leg
}

// rings waits for an offer, and returns it.
func (s *station) rings(id string) phone.IncomingOffer {
	s.t.Helper()
	e := s.await("the offer", func(e phone.LineEvent) bool { o, ok := e.(phone.OfferReceived); return ok && o.Offer.ID == id })
	return e.(phone.OfferReceived).Offer
}

func (s *station) awaitAlerting(leg phone.Leg) {
	s.t.Helper()
	s.await("alerting", func(e phone.LineEvent) bool { a, ok := e.(phone.LegAlerting); return ok && a.Leg.ID() == leg.ID() })
}

func (s *station) awaitAccepted(leg phone.Leg) phone.Party {
	s.t.Helper()
	e := s.await("accepted", func(e phone.LineEvent) bool { a, ok := e.(phone.LegAccepted); return ok && a.Leg.ID() == leg.ID() })
	return e.(phone.LegAccepted).Party
}

func (s *station) awaitMedia(leg phone.Leg) {
	s.t.Helper()
	s.await("media", func(e phone.LineEvent) bool { a, ok := e.(phone.LegMedia); return ok && a.Leg.ID() == leg.ID() })
}

func (s *station) awaitReleased(leg phone.Leg, want phone.Cause) {
	s.t.Helper()
	e := s.await("released", func(e phone.LineEvent) bool { a, ok := e.(phone.LegReleased); return ok && a.Leg.ID() == leg.ID() })
	if got := e.(phone.LegReleased).Cause; got != want {
		s.t.Errorf("%s: released because of %s (%s), want %s", s.Info().Name, got.String(), e.(phone.LegReleased).Detail, want.String())
	}
}

// talk sends silence on a leg until it ends, as a session would.
func talk(t testing.TB, leg phone.Leg) {
	t.Helper()
	done := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(60 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if leg.Stream().WritePacket([]byte{0x58, 0xff, 0xfe}, 960, false) != nil {
					return
				}
			case <-stop:
				return
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
}
