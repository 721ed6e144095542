package exchange_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
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
	t      testing.TB
	line   *whatsapp.Line
	events chan phone.LineEvent
}

func newLine(t testing.TB, x *exchange.Exchange, name string) *whatsapp.Line {
	t.Helper()
	return newLineAt(t, x.Addresses(), name)
}

func newLineAt(t testing.TB, where exchange.Addresses, name string) *whatsapp.Line {
	t.Helper()
	choices := whatsapp.DefaultChoices()
	choices.MaxCalls = 100
	line, err := whatsapp.New(whatsapp.Config{
		Name: name, Dir: t.TempDir(), Choices: choices,
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
func newUser(t testing.TB, x *exchange.Exchange, number string) *user {
	t.Helper()
	account, err := x.AddAccount(number, "You")
	if err != nil {
		t.Fatal(err)
	}
	u := runUser(t, newLine(t, x, "you"))
	u.link(account.Handset().Scan)
	u.ready()
	return u
}

// runUser runs a line until the test ends.
func runUser(t testing.TB, line *whatsapp.Line) *user {
	u := &user{t: t, line: line, events: make(chan phone.LineEvent, 1000)}
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
	return u
}

// ready waits until calls can be placed.
func (u *user) ready() {
	u.t.Helper()
	u.until("the line is ready", func(e phone.LineEvent) bool {
		changed, ok := e.(phone.LineChanged)
		return ok && changed.Info.Status == phone.LineReady
	})
}

// link pairs the line with a handset that scans.
func (u *user) link(scan func(ctx context.Context, qr string) error) {
	u.t.Helper()
	pairer, err := u.line.Link(u.t.Context(), phone.PairingRequest{Method: phone.ByQR})
	if err != nil {
		u.t.Fatal(err)
	}
	for step := range pairer.Steps() {
		switch step.Kind {
		case phone.PairingScan:
			if err := scan(u.t.Context(), step.Text); err != nil {
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
func isOffer(e phone.LineEvent) bool    { _, ok := e.(phone.OfferReceived); return ok }

// conversation is the sound of one call: a stream has one session for life.
type conversation struct {
	*audiotest.Device
	ended chan error
}

// converse carries sound until the leg is released.
func (u *user) converse(leg phone.Leg) *conversation {
	u.t.Helper()
	return u.converseOver(leg.Stream())
}

// escaping is a stream whose other end is taken for a decoder of MLow.
type escaping struct{ audio.Stream }

func (escaping) Codec() audio.Codec { return audio.OpusEscape }

func (u *user) converseOver(stream audio.Stream) *conversation {
	u.t.Helper()
	encoder, decoder, err := opus.New(stream.Codec())
	if err != nil {
		u.t.Fatal(err)
	}
	c := &conversation{audiotest.NewDevice(nil), make(chan error, 1)}
	session, err := audio.NewSession(audio.SessionConfig{Device: c.Device, Stream: stream, Encoder: encoder, Decoder: decoder})
	if err != nil {
		u.t.Fatal(err)
	}
	go func() { c.ended <- session.Run(u.t.Context()) }()
	return c
}

// hears speaks one tone until a second of another one was heard, or 30 s are over.
func (c *conversation) hears(t testing.TB, said, wanted float64) {
	t.Helper()
	c.Speak(audiotest.Sine(said, -12))
	var got audiotest.Tone
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		got = audiotest.FindTone(c.Heard(time.Second), audio.DeviceRate)
		if math.Abs(got.Hz-wanted) < wanted/100 && got.Level > -25 {
			return
		}
	}
	t.Errorf("heard %.1f Hz at %.1f dBFS (purity %.2f), want %.0f Hz", got.Hz, got.Level, got.Purity, wanted)
}

// talk is a conversation that ends with its call.
func (u *user) talk(leg phone.Leg, said, wanted float64) {
	u.t.Helper()
	c := u.converse(leg)
	c.hears(u.t, said, wanted)
	u.hangUp(leg)
	if err := <-c.ended; err != nil {
		u.t.Errorf("the sound ended with: %v", err)
	}
}

func (u *user) hangUp(leg phone.Leg) {
	u.t.Helper()
	if err := leg.Release(u.t.Context(), phone.NormalClearing); err != nil && !errors.Is(err, phone.ErrUnconfirmed) {
		u.t.Errorf("hang up: %v", err)
	}
	u.until("the leg is released", isReleased)
}

// keys are the files of an exchange without accounts. All exchanges of these
// tests begin with them, because whatsmeow keeps the root key for the whole
// process.
var keys = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "exchange")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	x, err := exchange.Start(context.Background(), exchange.Options{Dir: dir, Admin: "off"})
	if err != nil {
		return nil, err
	}
	if err := x.Close(); err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	return files, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = &fstest.MapFile{Data: data, Mode: 0o600}
		return err
	})
})

// start opens an exchange that real lines can use.
func start(t testing.TB, o exchange.Options) *exchange.Exchange {
	t.Helper()
	from, err := keys()
	if err != nil {
		t.Fatal(err)
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
		if err := os.CopyFS(o.Dir, from); err != nil {
			t.Fatal(err)
		}
	}
	x, err := exchange.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// add makes a party with real lines.
func add(t testing.TB, x *exchange.Exchange, p exchange.PartyInfo) {
	t.Helper()
	lines := make([]phone.Line, p.Lines)
	for i := range lines {
		lines[i] = newLine(t, x, string(p.Kind))
	}
	if err := x.AddParty(t.Context(), p.Kind, opus.New, lines...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() }) // before the lines' own cleanup closes their stores
}

func TestRealLinesCallTheParties(t *testing.T) {
	t.Parallel()
	x := start(t, exchange.Options{})
	for _, p := range exchange.Parties() {
		add(t, x, p)
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
			u.talk(leg, 1000, c.hz)
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
	t.Run("Echo is heard through MLow's escape", func(t *testing.T) {
		u.t = t
		leg := u.call(x, exchange.Echo)
		u.until("it is answered", isAccepted)
		u.converseOver(escaping{leg.Stream()}).hears(t, 1000, 1000)
		u.hangUp(leg)
	})
	t.Run("Calls you rings back", func(t *testing.T) {
		u.t = t
		leg := u.call(x, exchange.CallsYou)
		u.until("it is answered", isAccepted)
		u.hangUp(leg)
		back := u.until("it rings back", isOffer).(phone.OfferReceived).Offer.Leg
		if err := back.Answer(t.Context()); err != nil {
			t.Fatal(err)
		}
		u.talk(back, 1000, 1000)
	})
	for _, r := range x.Refusals() {
		t.Errorf("strict mode refused %s of %s: %s", r.Rule, r.Stanza, r.Detail)
	}
}
