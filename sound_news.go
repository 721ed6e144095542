package main

import (
	"context"

	"tring/audio/portaudio"
	"tring/phone"
)

// soundNews is what the sound card tells people: a sentence, or listChanged.
type soundNews string

const listChanged soundNews = ""

// report tells what became of an open device.
func (s *soundCard) report(r portaudio.Report) { s.tell(soundNews(r.String())) }

// tell never waits: it is called from where sound is opened.
func (s *soundCard) tell(n soundNews) {
	select {
	case s.news <- n:
	default:
		s.log.Warn("sound: nobody took this", "news", n)
	}
}

// follow passes the card's news on to p until ctx ends.
func (s *soundCard) follow(ctx context.Context, p *phone.Phone) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-s.news:
			if err := n.pass(ctx, p); err != nil && ctx.Err() == nil {
				s.log.Warn("sound: nobody was told", "news", n, "err", err)
			}
		}
	}
}

func (n soundNews) pass(ctx context.Context, p *phone.Phone) error {
	if n == listChanged {
		return p.DevicesChanged(ctx)
	}
	if err := p.Announce(ctx, string(n)); err != nil {
		return err
	}
	return p.DevicesChanged(ctx)
}
