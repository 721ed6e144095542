package graph_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/exchange/graph"
	"tring/exchange/graph/leg"
	"tring/phone"
	"tring/phone/linetest"
	"tring/signaling/cloud"
)

// shop is the product's business line at the emulated Meta, with one customer.
type shop struct {
	*linetest.Driver
	t      testing.TB
	ctx    context.Context
	line   *cloud.Line
	config cloud.Config
	server *graph.Server
	ana    *graph.Handset
}

// openShop starts Meta's side, then the line, and waits until it can be called.
func openShop(t testing.TB, o graph.Options) *shop {
	t.Helper()
	return openShopWith(t, o, func(*cloud.Config) {})
}

func openShopWith(t testing.TB, o graph.Options, change func(*cloud.Config)) *shop {
	t.Helper()
	s := &shop{t: t}
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	o.Codecs = opus.New
	o.Timers.Alert = time.Millisecond
	if o.Timers.Answer == 0 {
		o.Timers.Answer = time.Millisecond
	}
	var err error
	s.server, err = graph.Start(context.Background(), o)
	check(t, err)
	t.Cleanup(func() { check(t, s.server.Close()) })
	s.config = s.cloudConfig()
	change(&s.config)
	s.line, err = cloud.New(s.config)
	check(t, err)
	s.Driver = linetest.Drive(t, s.line, limit)
	s.Ready()
	s.ana, err = s.server.AddCustomer(graph.Customer{Number: ana, Name: "Zoë", UserID: "US.90000000000000001"})
	check(t, err)
	s.ana.Voice().Hum(1000)
	return s
}

func (s *shop) cloudConfig() cloud.Config {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(s.t, err)
	b := s.server.Business()
	s.server.SetCallback("http://"+listener.Addr().String()+cloud.DefaultPath, verifyToken)
	return cloud.Config{
		Name: "shop", Dir: s.t.TempDir(), BaseURL: s.server.URL(), Token: b.Token, AppSecret: b.AppSecret,
		PhoneNumberID: b.PhoneNumberID, AccountID: b.AccountID, Listener: listener, VerifyToken: verifyToken,
		Media: cloud.MediaOptions{Loopback: true},
	}
}

// sound is the session of one leg.
type sound struct {
	device *audiotest.Device
}

// speak joins a microphone that hears 440 Hz to a leg until the test ends.
func (s *shop) speak(l phone.Leg, change func(*audio.SessionConfig)) sound {
	s.t.Helper()
	encoder, decoder, err := opus.New(l.Stream().Codec())
	check(s.t, err)
	d := audiotest.NewDevice(audiotest.Sine(440, -13))
	c := audio.SessionConfig{Device: d, Stream: l.Stream(), Encoder: encoder, Decoder: decoder}
	if change != nil {
		change(&c)
	}
	session, err := audio.NewSession(c)
	check(s.t, err)
	ctx, stop := context.WithCancel(s.ctx)
	var w sync.WaitGroup
	w.Go(func() { _ = session.Run(ctx) }) // ends with the call
	s.t.Cleanup(func() { stop(); w.Wait(); d.Close() })
	return sound{d}
}

// wantTones expects each side to hear the other.
func (s *shop) wantTones(here sound) {
	s.t.Helper()
	s.until("Ana hears a second", func() bool { return s.ana.Voice().Hearing().Total > 1200*time.Millisecond })
	audiotest.WantTone(s.t, s.ana.Voice().Heard(500*time.Millisecond), 440, -13, 4)
	var last audiotest.Tone
	s.until("the shop hears Ana", func() bool {
		last = audiotest.FindTone(here.device.Heard(500*time.Millisecond), audio.DeviceRate)
		return last.Hz > 990 && last.Hz < 1010
	})
}

func (s *shop) until(what string, done func() bool) {
	s.t.Helper()
	for !done() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-s.ctx.Done():
			s.t.Fatalf("this did not happen: %s; requests %v; calls %+v", what, s.server.Requests(""), s.server.Calls())
		}
	}
}

// called has Ana call and gives back the ringing leg.
func (s *shop) called() phone.Leg {
	s.t.Helper()
	_, err := s.ana.Call(graph.Dial{})
	check(s.t, err)
	return s.Offer(1).Leg
}

// answered has Ana call and the shop answer.
func (s *shop) answered() phone.Leg {
	s.t.Helper()
	l := s.called()
	check(s.t, l.Answer(s.ctx))
	return l
}

// dial has the shop call Ana.
func (s *shop) dial() (phone.Leg, error) {
	return s.line.Dial(s.ctx, "call", phone.Party{Number: "+" + ana}, phone.DialOptions{})
}

// report is what the relay saw of the latest call.
func (s *shop) report() graph.Report {
	s.t.Helper()
	calls := s.server.Calls()
	if len(calls) == 0 {
		s.t.Fatal("there was no call")
	}
	return calls[len(calls)-1]
}

// clean expects nothing against the client, in the latest call and in webhooks.
func (s *shop) clean() leg.Report {
	s.t.Helper()
	r := s.report()
	if len(r.Faults) > 0 {
		s.t.Errorf("the relay complains: %s", strings.Join(r.Faults, "; "))
	}
	for _, d := range s.server.Hooks().Deliveries() {
		if d.Status != 200 {
			s.t.Errorf("a webhook was answered with %d: %+v", d.Status, d)
		}
	}
	if odd := s.server.Oddities(); len(odd) > 0 {
		s.t.Errorf("the client sent what Graph does not know: %q", odd)
	}
	return r.Media
}

// offers counts what rang.
func (s *shop) offers() (rang, missed int) {
	for _, e := range s.Events() {
		switch e.(type) {
		case phone.OfferReceived:
			rang++
		case phone.OfferMissed:
			missed++
		}
	}
	return rang, missed
}
