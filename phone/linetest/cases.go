package linetest

import (
	"errors"
	"strings"
	"time"

	"tring/phone"
)

// test is one sentence of the contract.
type test struct {
	name  string
	needs func(Fixture) (why string) // why the test does not apply, or ""
	play  func(*pair)
}

func always(Fixture) string { return "" }

var suite = []test{
	{"a call is placed, rings, is answered and heard, and the caller hangs up", always, func(p *pair) {
		a, b := p.talk()
		p.sound(a, b)
		p.hangUp(p.a, p.b, a, b)
	}},
	{"the callee hangs up", always, func(p *pair) {
		a, b := p.talk()
		p.hangUp(p.b, p.a, b, a)
	}},
	{"the offer says who calls and when", always, offerIsComplete},
	{"the other way round: b calls a", always, func(p *pair) {
		p.a, p.b = p.b, p.a
		a, b := p.talk()
		p.sound(a, b)
		p.hangUp(p.a, p.b, a, b)
	}},
	{"the callee declines", always, func(p *pair) {
		a, b := p.ring()
		p.released(b.Release(p.ctx(), phone.Declined))
		p.ends(a, b, phone.Declined, phone.Declined)
	}},
	{"the callee's rule declines", always, func(p *pair) {
		a, b := p.ring()
		p.released(b.Release(p.ctx(), phone.RejectedByRule))
		p.ends(a, b, phone.Declined, phone.RejectedByRule)
	}},
	{"the callee is busy", always, func(p *pair) {
		a, b := p.ring()
		p.released(b.Release(p.ctx(), phone.Busy))
		if got := p.a.Released(a); got != phone.Busy && got != phone.Declined {
			p.Errorf("the caller's leg ended with %v, want busy", got)
		}
		p.b.Released(b)
	}},
	{"the caller gives up", always, func(p *pair) {
		a, b := p.ring()
		p.released(a.Release(p.ctx(), phone.Cancelled))
		p.ends(a, b, phone.Cancelled, phone.Cancelled)
	}},
	{"nobody answers until the caller's ring time is over", always, func(p *pair) {
		a, b := p.ring()
		p.released(a.Release(p.ctx(), phone.NoAnswer))
		p.a.Released(a)
		if got := p.b.Released(b); got != phone.Cancelled && got != phone.NoAnswer {
			p.Errorf("the callee's leg ended with %v, want cancelled or no answer", got)
		}
	}},
	{"nobody answers until the network's ring time is over", func(f Fixture) string {
		if f.RingTime == 0 {
			return "this network lets calls ring for ever"
		}
		return ""
	}, func(p *pair) {
		a, b := p.ring()
		time.Sleep(p.RingTime)
		p.a.Released(a)
		p.b.Released(b)
	}},
	{"the callee lets it ring out without a word", always, func(p *pair) {
		a, b := p.ring()
		p.released(b.Release(p.ctx(), phone.NoAnswer))
		p.b.Released(b)
		if p.a.Releases(a) != 0 {
			p.Error("the caller was told: our other devices would stop ringing")
		}
		p.released(a.Release(p.ctx(), phone.Cancelled))
		p.a.Released(a)
	}},
	{"every method is idempotent, and returns the cause after the end", always, idempotent},
	{"mute is told to the other side, both ways", func(f Fixture) string {
		if f.NoMute {
			return "this network cannot tell of mute"
		}
		return ""
	}, func(p *pair) {
		a, b := p.talk()
		p.must(a.Mute(p.ctx(), true))
		p.b.PeerMuted(b, true)
		p.must(a.Mute(p.ctx(), false))
		p.b.PeerMuted(b, false)
		p.must(b.Mute(p.ctx(), true))
		p.a.PeerMuted(a, true)
		p.hangUp(p.a, p.b, a, b)
	}},
	{"keypad digits arrive", func(f Fixture) string {
		if f.NoDigits {
			return "this network has no keypad digits"
		}
		return ""
	}, func(p *pair) {
		a, b := p.talk()
		p.must(a.SendDigits(p.ctx(), "12#"))
		p.b.Digits(b, "12#")
		p.hangUp(p.a, p.b, a, b)
	}},
	{"a network without keypad digits says so", func(f Fixture) string {
		if !f.NoDigits {
			return "this network has keypad digits"
		}
		return ""
	}, func(p *pair) {
		a, b := p.talk()
		if err := a.SendDigits(p.ctx(), "1"); !errors.Is(err, phone.ErrUnsupported) {
			p.Errorf("SendDigits returned %v, want ErrUnsupported", err)
		}
		p.hangUp(p.a, p.b, a, b)
	}},
	{"texts arrive", func(f Fixture) string {
		if f.NoTexts {
			return "this network has no texts"
		}
		return ""
	}, texts},
	{"a number without an account is said to be none", func(f Fixture) string {
		if f.Nobody == (phone.Party{}) {
			return "this fixture knows no such number"
		}
		return ""
	}, nobodyThere},
	{"three calls in a row leave nothing behind", always, func(p *pair) {
		for range 3 {
			a, b := p.talk()
			p.hangUp(p.a, p.b, a, b)
		}
	}},
	{"the end of Run releases every call", always, func(p *pair) {
		a, b := p.talk()
		p.a.Stop()
		if n := p.a.Releases(a); n != 1 {
			p.Errorf("LegReleased came %d times before Run returned, want once", n)
		}
		p.b.Released(b)
	}},
}

func offerIsComplete(p *pair) {
	before := time.Now()
	a, b := p.ring()
	o := p.b.Offer(1)
	switch {
	case o.ID == "" || o.ID != b.ID() || a.ID() != b.ID():
		p.Errorf("the call is %q for the caller, %q for the callee and %q in the offer; it must be one id", a.ID(), b.ID(), o.ID)
	case !o.From.Same(p.a.Line.Info().Own):
		p.Errorf("the offer says that %+v calls", o.From)
	case o.Received.Before(before.Add(-p.Timeout)) || o.Received.After(time.Now().Add(p.Timeout)):
		p.Errorf("the offer was received at %v", o.Received)
	case a.Party().Key() == "" || b.Party().Key() == "":
		p.Error("Leg.Party does not say who is at the other end")
	case a.Stream() == nil || b.Stream() == nil:
		p.Error("Leg.Stream must exist from the first moment")
	}
	p.released(a.Release(p.ctx(), phone.Cancelled))
	p.ends(a, b, phone.Cancelled, phone.Cancelled)
}

func idempotent(p *pair) {
	a, b := p.talk()
	p.must(b.Answer(p.ctx()))
	p.hangUp(p.a, p.b, a, b)
	for name, leg := range map[string]phone.Leg{"caller": a, "callee": b} {
		for method, err := range map[string]error{
			"Answer":     leg.Answer(p.ctx()),
			"Release":    leg.Release(p.ctx(), phone.Busy),
			"Mute":       leg.Mute(p.ctx(), true),
			"SendDigits": leg.SendDigits(p.ctx(), "1"),
		} {
			var over phone.Cause
			if !errors.As(err, &over) && !(method == "SendDigits" && errors.Is(err, phone.ErrUnsupported)) {
				p.Errorf("%s of the %s's leg returned %v after the end, want its cause", method, name, err)
			}
		}
	}
}

func texts(p *pair) {
	texter, can := p.a.Line.(phone.Texter)
	if !can {
		p.Fatal("the line is no phone.Texter")
	}
	body := "Call me back, " + strings.Repeat("ä", 10)
	p.must(texter.SendText(p.ctx(), p.Party(p.b.Line), body))
	if got := p.b.Text(body); !got.From.Same(p.a.Line.Info().Own) {
		p.Errorf("the text came from %+v", got.From)
	}
}

func nobodyThere(p *pair) {
	leg, err := p.a.Line.Dial(p.ctx(), "c1", p.Nobody, phone.DialOptions{})
	if err == nil {
		if got := p.a.Released(leg); got != phone.NotOnNetwork && got != phone.Unreachable {
			p.Errorf("the call ended with %v, want not on network", got)
		}
		return
	}
	var why phone.Cause
	if !errors.As(err, &why) {
		p.Errorf("Dial returned %v, which wraps no Cause", err)
	}
}
