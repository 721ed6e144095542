package exchange

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/phone"
)

// fakeLine is a line whose events the test makes.
type fakeLine struct {
	events chan phone.LineEvent
	dial   func(to phone.Party) (*fakeLeg, error)
}

func (l *fakeLine) Info() phone.LineInfo { return phone.LineInfo{Status: phone.LineReady} }

func (l *fakeLine) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-l.events:
			tell(e)
		}
	}
}

func (l *fakeLine) Dial(_ context.Context, _ string, to phone.Party, _ phone.DialOptions) (phone.Leg, error) {
	return l.dial(to)
}

// fakeLeg writes down what a party does with it, and when.
type fakeLeg struct {
	line   *fakeLine
	start  time.Time
	stream *audiotest.Stream // the party's end
	far    *audiotest.Stream // the test's end

	mu   sync.Mutex
	did  []string
	over bool
}

func newFakeLeg(l *fakeLine) *fakeLeg {
	leg := &fakeLeg{line: l, start: time.Now()}
	leg.stream, leg.far = audiotest.NewStreams(audio.OpusRelay)
	return leg
}

func (g *fakeLeg) note(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.did = append(g.did, what+" after "+time.Since(g.start).Round(100*time.Millisecond).String())
}

func (g *fakeLeg) done() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.did)
}

func (g *fakeLeg) ID() string                               { return "call" }
func (g *fakeLeg) Party() phone.Party                       { return phone.Party{Number: "+15550100001"} }
func (g *fakeLeg) Answer(context.Context) error             { g.note("answered"); return nil }
func (g *fakeLeg) Mute(context.Context, bool) error         { return nil }
func (g *fakeLeg) SendDigits(context.Context, string) error { return nil }
func (g *fakeLeg) Stream() audio.Stream                     { return g.stream }

func (g *fakeLeg) Release(_ context.Context, why phone.Cause) error {
	g.note("released: " + why.String())
	g.hangUp(why)
	return nil
}

// hangUp ends the leg, whoever wanted it.
func (g *fakeLeg) hangUp(why phone.Cause) {
	g.mu.Lock()
	over := g.over
	g.over = true
	g.mu.Unlock()
	if over {
		return
	}
	g.stream.Close()
	g.line.events <- phone.LegReleased{Leg: g, Cause: why}
}

// ringing runs one line of a party and rings it.
func ringing(t *testing.T, kind PartyKind, index int) *fakeLeg {
	t.Helper()
	i := slices.IndexFunc(parties, func(p party) bool { return p.kind == kind })
	if i < 0 {
		t.Fatalf("no party %s", kind)
	}
	line := &fakeLine{events: make(chan phone.LineEvent, 8)}
	driven := newPartyLine(line, opus.New, parties[i].lines[index], slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { driven.run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	leg := newFakeLeg(line)
	line.events <- phone.OfferReceived{Offer: phone.IncomingOffer{Leg: leg, From: leg.Party()}}
	return leg
}

// talkTo has a person with a device speak to the far end of a leg and returns
// what the person hears.
func talkTo(t *testing.T, g *fakeLeg, mic audiotest.Source, d time.Duration) []int16 {
	t.Helper()
	device := audiotest.NewDevice(mic)
	defer device.Close()
	encoder, decoder, err := opus.New(audio.OpusRelay)
	if err != nil {
		t.Fatal(err)
	}
	session, err := audio.NewSession(audio.SessionConfig{Device: device, Stream: g.far, Encoder: encoder, Decoder: decoder})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := session.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return device.Heard(time.Second)
}

func TestWhatPartiesDoWhenCalled(t *testing.T) {
	for _, c := range []struct {
		kind PartyKind
		line int
		want []string
	}{
		{Echo, 0, []string{"answered after 700ms"}},
		{ToneParty, 0, []string{"answered after 700ms"}},
		{SpeechParty, 0, []string{"answered after 700ms"}},
		{BusyParty, 0, []string{"released: busy after 700ms"}},
		{NoAnswerParty, 0, nil},
		{DeclinesParty, 0, []string{"released: declined after 700ms"}},
		{HangsUpParty, 0, []string{"answered after 700ms", "released: normal_clearing after 5.7s"}},
		{AnswersElsewhere, 0, nil},
		{AnswersElsewhere, 1, []string{"answered after 2.7s"}},
		{LossyParty, 0, []string{"answered after 700ms"}},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				leg := ringing(t, c.kind, c.line)
				time.Sleep(20 * time.Second)
				if got := leg.done(); !slices.Equal(got, c.want) {
					t.Errorf("the party did %q, want %q", got, c.want)
				}
				leg.hangUp(phone.NormalClearing)
			})
		})
	}
}

func TestEchoSendsBackWhatItHears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leg := ringing(t, Echo, 0)
		time.Sleep(time.Second)
		heard := talkTo(t, leg, audiotest.Sine(1000, -12), 4*time.Second)
		audiotest.WantTone(t, heard, 1000, -12, 3)
		leg.hangUp(phone.NormalClearing)
	})
}

func TestToneIsHeardAs440Hertz(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leg := ringing(t, ToneParty, 0)
		time.Sleep(time.Second)
		heard := talkTo(t, leg, nil, 3*time.Second)
		audiotest.WantTone(t, heard, 440, -10.5, 2) // a peak of 0.3
		leg.hangUp(phone.NormalClearing)
	})
}

func TestSpeechIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leg := ringing(t, SpeechParty, 0)
		time.Sleep(time.Second)
		heard := talkTo(t, leg, nil, 3*time.Second)
		if level := audiotest.Level(heard); level < -35 {
			t.Errorf("speech arrives with %.1f dBFS", level)
		}
		leg.hangUp(phone.NormalClearing)
	})
}

func TestCallsYouRingsBackFiveSecondsAfterAnAnsweredCall(t *testing.T) {
	for _, c := range []struct {
		name   string
		hangUp time.Duration // after ringing began
		rings  int
	}{
		{"after an answered call", 2 * time.Second, 1},
		{"not after one that was given up", 300 * time.Millisecond, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				leg := ringing(t, CallsYou, 0)
				back := make(chan *fakeLeg, 8)
				leg.line.dial = func(to phone.Party) (*fakeLeg, error) {
					if to != leg.Party() {
						t.Errorf("called %+v", to)
					}
					again := newFakeLeg(leg.line)
					back <- again
					return again, nil
				}
				time.Sleep(c.hangUp)
				leg.hangUp(phone.NormalClearing)
				time.Sleep(callBack - time.Millisecond)
				synctest.Wait()
				if len(back) != 0 {
					t.Error("rang back too early")
				}
				time.Sleep(callBackFor + time.Second)
				synctest.Wait()
				if len(back) != c.rings {
					t.Fatalf("rang back %d times, want %d", len(back), c.rings)
				}
				if c.rings > 0 {
					if did := (<-back).done(); !slices.Equal(did, []string{"released: no_answer after 30s"}) {
						t.Errorf("an unanswered ring-back: %q", did)
					}
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if len(back) != 0 {
					t.Error("rings again and again")
				}
			})
		})
	}
}

func TestAnAnswerThatComesBeforeDialReturnsIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leg := ringing(t, CallsYou, 0)
		dialled := make(chan *fakeLeg, 1)
		leg.line.dial = func(phone.Party) (*fakeLeg, error) {
			back := newFakeLeg(leg.line)
			leg.line.events <- phone.LegAccepted{Leg: back}
			time.Sleep(time.Second)
			dialled <- back
			return back, nil
		}
		time.Sleep(2 * time.Second)
		leg.hangUp(phone.NormalClearing)
		back := <-dialled
		heard := talkTo(t, back, audiotest.Sine(1000, -12), 3*time.Second)
		audiotest.WantTone(t, heard, 1000, -12, 3)
		back.hangUp(phone.NormalClearing)
	})
}

func TestPartiesHaveNumbersOfTheirOwn(t *testing.T) {
	seen := map[string]PartyKind{}
	for _, p := range Parties() {
		if other, taken := seen[p.Number]; taken {
			t.Errorf("%s and %s share %s", p.Kind, other, p.Number)
		}
		seen[p.Number] = p.Kind
	}
	if len(seen) != 10 {
		t.Errorf("there are %d parties, want 10", len(seen))
	}
}
