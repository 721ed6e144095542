package cloud

import (
	"context"

	"tring/phone"
	"tring/signaling/cloud/graph"
)

// Settings reads the number's calling settings.
func (l *Line) Settings(ctx context.Context) (graph.Settings, error) { return l.graph.Settings(ctx) }

// Plan is a change of settings before it is made.
type Plan struct {
	Patch   graph.Patch
	Changes []graph.Change // what will differ; empty: nothing to do
	// Warning is what customers will notice, or "".
	Warning string
}

// PlanSettings says what a change would do. Hours are checked for all that
// Meta would refuse; nothing is sent.
func (l *Line) PlanSettings(ctx context.Context, p graph.Patch) (Plan, error) {
	if p.Hours != nil {
		if err := p.Hours.Check(l.graph.Now()); err != nil {
			return Plan{}, err
		}
	}
	now, err := l.graph.Settings(ctx)
	if err != nil {
		return Plan{}, err
	}
	return Plan{p, graph.Diff(now, now.Apply(p)), warning(p)}, nil
}

func warning(p graph.Patch) string {
	is := func(v *string, word string) bool { return v != nil && *v == word }
	switch {
	case is(p.SIP, "ENABLED"):
		return "SIP switches all calls of this program off."
	case is(p.Status, "DISABLED"):
		return "Customers can no longer call this number, and it cannot call them."
	case is(p.Icon, "DISABLE_ALL"):
		return "Customers no longer see a call button; calls from buttons you sent, links and their call list may still come. Apps may show it up to seven days later."
	case p.Hours != nil:
		return "Outside these hours the customers' app offers a chat instead of a call. Apps may show it up to seven days later."
	}
	return ""
}

// SaveSettings makes a planned change and says what the settings are now.
func (l *Line) SaveSettings(ctx context.Context, p Plan) (graph.Settings, error) {
	if len(p.Changes) == 0 {
		return l.graph.Settings(ctx)
	}
	return l.graph.SetSettings(ctx, p.Patch)
}

// SendButton sends a button that calls us; its payload comes back as the
// offer's Payload.
func (l *Line) SendButton(ctx context.Context, to phone.Party, b graph.Button) error {
	who, err := recipient(to)
	if err != nil {
		return err
	}
	sent, err := l.graph.CallButton(ctx, who, b)
	if err != nil {
		return err
	}
	l.noteSent(to, sent)
	return nil
}

// SendTemplate sends an approved message, at any time; b, if not nil, is the
// call button at a place among its buttons, counted from 0.
func (l *Line) SendTemplate(ctx context.Context, to phone.Party, t graph.Template, index int, b *graph.Button) error {
	who, err := recipient(to)
	if err != nil {
		return err
	}
	var sent graph.Sent
	if b != nil {
		sent, err = l.graph.CallButtonTemplate(ctx, who, t, index, *b)
	} else {
		sent, err = l.graph.SendTemplate(ctx, who, t)
	}
	if err != nil {
		return err
	}
	l.noteSent(to, sent)
	return nil
}

// CallLink is a link that calls us from WhatsApp on a phone.
func (l *Line) CallLink(ctx context.Context, payload string) (string, error) {
	own := l.Info().Own.Number
	if own == "" {
		n, err := l.graph.Number(ctx)
		if err != nil {
			return "", err
		}
		own = n.Display
	}
	return graph.CallLink(own, payload)
}

// Customer is what the line knows of a person.
func (l *Line) Customer(who phone.Party) Customer { return l.book.look(who) }

// Announce uploads the sound that callers hear before they leave a message
// (OGG with Opus, shorter than a minute) and returns its id.
func (l *Line) Announce(ctx context.Context, name string, sound []byte) (string, error) {
	return l.graph.UploadAnnouncement(ctx, name, sound)
}

// Media fetches a voice message or another file that a customer sent.
func (l *Line) Media(ctx context.Context, id string) (graph.Media, error) {
	return l.graph.Media(ctx, id)
}
