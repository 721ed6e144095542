package phone

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// SendText writes a text message.
func (p *Phone) SendText(ctx context.Context, line, who, text string) error {
	text = CleanText(text, maxText)
	if text == "" {
		return fmt.Errorf("the message is empty: write something")
	}
	return p.toPerson(ctx, line, who, func(t *trunk, to Party, reply func(error)) {
		p.send(t, to, text, reply)
	})
}

// Block puts a person on the network's block list, or takes them off.
func (p *Phone) Block(ctx context.Context, line, who string, on bool) error {
	return p.toPerson(ctx, line, who, func(t *trunk, to Party, reply func(error)) {
		p.block(t, to, on, reply)
	})
}

// toPerson does something with a person on a line.
func (p *Phone) toPerson(ctx context.Context, line, who string, do func(*trunk, Party, func(error))) error {
	return tellTo(ctx, p, func(reply func(error)) {
		t, err := p.lineOf(line)
		if err != nil {
			reply(err)
			return
		}
		p.resolve(ctx, t, who, func(to Party, err error) {
			if err != nil {
				reply(err)
				return
			}
			do(t, to, reply)
		})
	})
}

// messageTime is how long the network may take to accept a message.
const messageTime = 15 * time.Second

func (p *Phone) send(t *trunk, to Party, text string, reply func(error)) {
	texter, can := t.Line.(Texter)
	if !can {
		reply(fmt.Errorf("%s: %w", t.info.Name, ErrUnsupported))
		return
	}
	p.task(p.ctx, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, messageTime)
		defer cancel()
		err := texter.SendText(ctx, to, text)
		return func() {
			if err == nil {
				noteWritten(p.wrote, to, time.Now())
				p.emit(Event{Kind: EventText, Line: t.info.Name, Text: &Text{Party: to, Body: text, At: time.Now(), Sent: true}})
			}
			p.textRefused(t.info.Name, err)
			reply(err)
		}
	})
}

// write sends a text for which nobody waits.
func (p *Phone) write(t *trunk, to Party, text string) {
	p.send(t, to, CleanText(text, maxText), func(err error) {
		if err != nil {
			p.notice(t.info.Name, "The message to "+to.Display()+" was not sent: "+err.Error())
		}
	})
}

func (p *Phone) block(t *trunk, who Party, on bool, reply func(error)) {
	blocker, can := t.Line.(Blocker)
	if !can {
		reply(fmt.Errorf("%s: %w", t.info.Name, ErrUnsupported))
		return
	}
	p.task(p.ctx, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, messageTime)
		defer cancel()
		err := blocker.SetBlocked(ctx, who, on)
		return func() { reply(err) }
	})
}

// SetPresence says how we want to be treated.
func (p *Phone) SetPresence(ctx context.Context, to Presence) error {
	switch to {
	case Available, Away, BusyNow, DND:
	default:
		return fmt.Errorf("%q: say available, away, busy or dnd", CleanLine(string(to), 20))
	}
	return tellTo(ctx, p, func(reply func(error)) {
		if p.presence != to {
			p.presence = to
			p.emit(Event{Kind: EventPresence, What: string(to)})
			p.refreshSound()
		}
		reply(nil)
	})
}

// Announce tells people a sentence, as an EventNotice.
func (p *Phone) Announce(ctx context.Context, sentence string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		p.notice("", CleanLine(sentence, maxText))
		reply(nil)
	})
}

// talkingWith reports whether another call with the same person is up.
func (p *Phone) talkingWith(c *live) bool {
	return slices.ContainsFunc(p.calls, func(o *live) bool {
		return o != c && o.State.Answered() && o.Party.Same(c.Party)
	})
}

// inquire gathers what a gatekeeper may know.
func (p *Phone) inquire(c *live, o IncomingOffer) Inquiry {
	now := time.Now()
	o.From = c.Party
	me := p.presence
	if c.Waiting && me == Available {
		me = OnCall
	}
	q := Inquiry{
		Offer: o, Line: c.line.info, Contact: p.contactOf(c.Party), Me: me, Now: now, Limit: decisionLimit,
		Recent:  p.index.calls(c.Party.Key(), Inbound, now.Add(-recentTime), maxRecent),
		Talking: p.talkingWith(c),
	}
	q.LastOut = p.wrote[c.Party.Key()]
	if out := p.index.calls(c.Party.Key(), Outbound, now.Add(-recentTime), 1); len(out) > 0 && out[0].After(q.LastOut) {
		q.LastOut = out[0]
	}
	return q
}

// How far back, and how many calls, a gatekeeper sees of a caller.
const (
	recentTime = 30 * 24 * time.Hour
	maxRecent  = 100
)
