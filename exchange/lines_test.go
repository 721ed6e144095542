package exchange_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/exchange"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/relay"
)

// user is a person with a real line on an exchange.
type user struct {
	t      *testing.T
	line   *whatsapp.Line
	events chan phone.LineEvent
}

func newLine(t *testing.T, x *exchange.Exchange, name string) *whatsapp.Line {
	t.Helper()
	where := x.Addresses()
	line, err := whatsapp.New(whatsapp.Config{
		Name: name, Dir: t.TempDir(),
		Exchange: &whatsapp.Network{ChatURL: where.Chat, RootKey: where.RootKey},
		Media:    relay.Options{Fingerprint: where.Relays[0].Fingerprint},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { line.Close() })
	return line
}

// newUser links a line to a new account and waits until it is ready.
func newUser(t *testing.T, x *exchange.Exchange, number string) *user {
	t.Helper()
	account, err := x.AddAccount(number, "You")
	if err != nil {
		t.Fatal(err)
	}
	u := &user{t: t, line: newLine(t, x, "you"), events: make(chan phone.LineEvent, 1000)}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := u.line.Run(ctx, func(e phone.LineEvent) { u.events <- e }); err != nil {
			t.Errorf("the line stopped: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	u.until("the line runs", func(e phone.LineEvent) bool { _, ok := e.(phone.LineChanged); return ok })
	u.link(account)
	u.until("the line is ready", func(e phone.LineEvent) bool {
		changed, ok := e.(phone.LineChanged)
		return ok && changed.Info.Status == phone.LineReady
	})
	return u
}

func (u *user) link(account *exchange.Account) {
	u.t.Helper()
	pairer, err := u.line.Link(u.t.Context(), phone.PairingRequest{Method: phone.ByQR})
	if err != nil {
		u.t.Fatal(err)
	}
	for step := range pairer.Steps() {
		switch step.Kind {
		case phone.PairingScan:
			if err := account.Handset().Scan(u.t.Context(), step.Text); err != nil {
				u.t.Fatal(err)
			}
		case phone.PairingFailed:
			u.t.Fatal(step.Err)
		}
	}
}

// until returns the first event that is wanted.
func (u *user) until(what string, wanted func(phone.LineEvent) bool) phone.LineEvent {
	u.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		select {
		case e := <-u.events:
			if wanted(e) {
				return e
			}
		case <-limit:
			u.t.Fatalf("not within 30 s: %s", what)
		}
	}
}

// resolve finds a number, and waits a moment where the line has told that it
// is ready but is still finishing its login.
func (u *user) resolve(number string) phone.Party {
	u.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		to, err := u.line.Resolve(u.t.Context(), number)
		if err == nil {
			return to
		}
		if time.Now().After(deadline) {
			u.t.Fatal(err)
		}
	}
}

// call dials a party.
func (u *user) call(x *exchange.Exchange, kind exchange.PartyKind) phone.Leg {
	u.t.Helper()
	for _, p := range exchange.Parties() {
		if p.Kind == kind {
			leg, err := u.line.Dial(u.t.Context(), "to "+string(kind), u.resolve(p.Number), phone.DialOptions{})
			if err != nil {
				u.t.Fatal(err)
			}
			return leg
		}
	}
	u.t.Fatalf("no party %s", kind)
	return nil
}

func isAccepted(e phone.LineEvent) bool { _, ok := e.(phone.LegAccepted); return ok }
func isReleased(e phone.LineEvent) bool { _, ok := e.(phone.LegReleased); return ok }
func isMedia(e phone.LineEvent) bool    { _, ok := e.(phone.LegMedia); return ok }
func isOffer(e phone.LineEvent) bool    { _, ok := e.(phone.OfferReceived); return ok }

// talk speaks into a leg for a while and returns the last second that was heard.
func (u *user) talk(leg phone.Leg, mic audiotest.Source, d time.Duration) []int16 {
	u.t.Helper()
	encoder, decoder, err := opus.New(leg.Stream().Codec())
	if err != nil {
		u.t.Fatal(err)
	}
	device := audiotest.NewDevice(mic)
	defer device.Close()
	session, err := audio.NewSession(audio.SessionConfig{Device: device, Stream: leg.Stream(), Encoder: encoder, Decoder: decoder})
	if err != nil {
		u.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(u.t.Context(), d)
	defer cancel()
	if err := session.Run(ctx); err != nil {
		u.t.Fatal(err)
	}
	return device.Heard(time.Second)
}

func (u *user) hangUp(leg phone.Leg) {
	u.t.Helper()
	if err := leg.Release(u.t.Context(), phone.NormalClearing); err != nil && !errors.Is(err, phone.ErrUnconfirmed) {
		u.t.Errorf("hang up: %v", err)
	}
	u.until("the leg is released", isReleased)
}

// TestRealLinesCallTheParties is one test because a process can be on one
// exchange only: the root key is global in whatsmeow.
func TestRealLinesCallTheParties(t *testing.T) {
	x, err := exchange.Start(t.Context(), exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for _, p := range exchange.Parties() {
		lines := make([]phone.Line, p.Lines)
		for i := range lines {
			lines[i] = newLine(t, x, string(p.Kind))
		}
		if err := x.AddParty(t.Context(), p.Kind, opus.New, lines...); err != nil {
			t.Fatal(err)
		}
	}
	u := newUser(t, x, "+15550100001")
	for _, c := range []struct {
		kind exchange.PartyKind
		hz   float64
	}{{exchange.Echo, 1000}, {exchange.ToneParty, 440}, {exchange.AnswersElsewhere, 1000}, {exchange.LossyParty, 1000}} {
		t.Run(string(c.kind)+" is heard", func(t *testing.T) {
			u.t = t
			leg := u.call(x, c.kind)
			u.until("it is answered", isAccepted)
			heard := u.talk(leg, audiotest.Sine(1000, -12), 4*time.Second)
			if got := audiotest.FindTone(heard, audio.DeviceRate); got.Hz < c.hz*0.99 || got.Hz > c.hz*1.01 {
				t.Errorf("heard %.1f Hz at %.1f dB, want %.0f Hz", got.Hz, got.Level, c.hz)
			}
			u.hangUp(leg)
		})
	}
	for _, c := range []struct {
		kind exchange.PartyKind
		want phone.Cause
	}{{exchange.BusyParty, phone.Busy}, {exchange.DeclinesParty, phone.Declined}, {exchange.HangsUpParty, phone.NormalClearing}} {
		t.Run(string(c.kind)+" ends it", func(t *testing.T) {
			u.t = t
			u.call(x, c.kind)
			if e := u.until("it ends", isReleased).(phone.LegReleased); e.Cause != c.want {
				t.Errorf("it ended with %s (%s), want %s", e.Cause, e.Detail, c.want)
			}
		})
	}
	t.Run("Calls you rings back", func(t *testing.T) {
		u.t = t
		leg := u.call(x, exchange.CallsYou)
		u.until("it is answered", isAccepted)
		u.hangUp(leg)
		back := u.until("it rings back", isOffer).(phone.OfferReceived).Offer.Leg
		if err := back.Answer(t.Context()); err != nil {
			t.Fatal(err)
		}
		heard := u.talk(back, audiotest.Sine(1000, -12), 4*time.Second)
		audiotest.WantTone(t, heard, 1000, -12, 6)
		u.hangUp(back)
	})
	for _, r := range x.Refusals() {
		t.Errorf("strict mode refused %s of %s: %s", r.Rule, r.Stanza, r.Detail)
	}
}
