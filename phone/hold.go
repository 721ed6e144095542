package phone

import (
	"context"
	"fmt"

	"tring/audio"
)

// Hold puts a call aside: they hear a tone now and then, we hear nothing of
// them. It is ours alone; the network is not told.
func (p *Phone) Hold(ctx context.Context, id string) error {
	return p.onTalking(ctx, id, func(c *live) error { p.setHeld(c, true); return nil })
}

// Resume takes a held call back; another call in progress is held instead.
func (p *Phone) Resume(ctx context.Context, id string) error {
	return p.onTalking(ctx, id, func(c *live) error {
		p.holdOthers(c)
		p.setHeld(c, false)
		return nil
	})
}

// Swap holds the call in progress and resumes the held one; a call that is still
// being placed is given up.
func (p *Phone) Swap(ctx context.Context) error {
	return tellTo(ctx, p, func(reply func(error)) {
		var held []*live
		for _, c := range p.calls {
			if c.Held {
				held = append(held, c)
			}
		}
		switch len(held) {
		case 0:
			reply(fmt.Errorf("no call is on hold: %w", ErrNoCall))
			return
		case 1:
			p.holdOthers(held[0])
			p.setHeld(held[0], false)
			reply(nil)
		default:
			reply(fmt.Errorf("%d calls are on hold, say which to resume: %w", len(held), ErrAmbiguous))
		}
	})
}

func (p *Phone) setHeld(c *live, on bool) {
	if c.Held == on {
		return
	}
	c.Held = on
	p.changed(c, "held")
	p.refreshSound()
}

// holdOthers puts aside whatever is in progress besides c: one person has one
// mouth. A call that is still being placed is given up.
func (p *Phone) holdOthers(c *live) {
	for _, o := range append([]*live(nil), p.calls...) {
		switch {
		case o == c || o.Listening:
		case o.State.Answered():
			p.setHeld(o, true)
		case o.State == Calling || o.State == Ringing:
			p.release(o, Cancelled, func(error) {})
		}
	}
}

// Mute switches our microphone off or on and tells the other side.
func (p *Phone) Mute(ctx context.Context, id string, on bool) error {
	return p.onTalking(ctx, id, func(c *live) error {
		if c.Muted == on {
			return nil
		}
		c.Muted = on
		p.changed(c, "muted")
		p.signMute(c)
		p.refreshSound()
		p.tellMute(c)
		return nil
	})
}

// signMute lets us hear that the microphone went off or on.
func (p *Phone) signMute(c *live) {
	switch {
	case c.sound == nil || c.Held:
	case c.Muted:
		c.sound.session.Mix(audio.NewTone(audio.MutedSign))
	default:
		c.sound.session.Mix(audio.NewTone(audio.UnmutedSign))
	}
}

// tellMute tells the other side. Our microphone is off whatever comes of it.
func (p *Phone) tellMute(c *live) {
	leg, muted := c.leg, c.Muted
	if leg == nil {
		return
	}
	p.inTurn(c, func(ctx context.Context) func() {
		if err := leg.Mute(ctx, muted); err != nil && c.ctx.Err() == nil {
			return func() { p.log.Warn("the other side was not told of mute", "call", c.ID, "err", err) }
		}
		return nil
	})
}

// onTalking does something with an answered call; an empty id is the one in
// focus.
func (p *Phone) onTalking(ctx context.Context, id string, do func(*live) error) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickTalking(id)
		if err == nil {
			err = do(c)
		}
		reply(err)
	})
}

func (p *Phone) pickTalking(id string) (*live, error) {
	c := p.find(id)
	if id == "" {
		c = p.focus()
	}
	switch {
	case c == nil:
		return nil, ErrNoCall
	case !c.State.Answered():
		return nil, fmt.Errorf("the call is %s: %w", c.State, ErrNotTalking)
	}
	return c, nil
}
