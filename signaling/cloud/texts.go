package cloud

import (
	"context"
	"fmt"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// SendText sends a text. Outside the 24 hours after the customer wrote, called
// or took a call, only templates may be sent.
func (l *Line) SendText(ctx context.Context, to phone.Party, text string) error {
	who, err := recipient(to)
	if err != nil {
		return err
	}
	sent, err := l.graph.Text(ctx, who, text)
	if err != nil {
		return err
	}
	l.noteSent(to, sent)
	return nil
}

func recipient(to phone.Party) (graph.Recipient, error) {
	who := graph.To(to.Number, to.UserID)
	if who == (graph.Recipient{}) {
		return who, fmt.Errorf("%w: %w", phone.Forbidden, errNobody)
	}
	return who, nil
}

// noteSent keeps the ids that Meta names a customer with: they may differ from
// the number that was dialled.
func (l *Line) noteSent(to phone.Party, s graph.Sent) {
	if s.UserID != "" {
		l.book.learn(phone.Party{Number: to.Number, UserID: s.UserID}, l.graph.Now())
	}
}

// maxText bounds a text that came, in characters: Meta's own limit.
const maxText = 4096

// text tells of something that a customer wrote or left.
func (d *desk) text(e webhook.Text) {
	from := d.meet(e.From)
	d.book.opened(from, e.At)
	if e.Kind == "audio" {
		d.voiceMessage(from, e)
		return
	}
	body := phone.CleanText(e.Body, maxText)
	if body == "" {
		d.log.Info("message of a kind that is not shown", "kind", phone.CleanName(e.Kind))
		return
	}
	d.emit(phone.TextReceived{From: from, Text: body, At: d.ours(e.At, d.graph.Now())})
}

// permission notes what a customer says to being called.
func (d *desk) permission(e webhook.Permission) {
	p := d.meet(e.From)
	status := "no_permission"
	switch {
	case e.Granted && e.Permanent:
		status = "permanent"
	case e.Granted:
		status = "temporary"
	}
	d.book.permits(p, status, e.Expires)
	if !e.Automatic {
		d.book.opened(p, e.At) // their answer is a message too
	}
	d.onPermission(p)
	d.notice(replied(p, e))
}

// delivery notes what became of a message of ours.
func (d *desk) delivery(e webhook.Delivery) {
	for _, f := range e.Faults {
		d.log.Warn("a message was not delivered", "why", graph.FromWebhook(f.Code, f.Text).Error())
	}
}

// replied says what a customer's word about calls means.
func replied(who phone.Party, e webhook.Permission) string {
	switch {
	case e.Granted && e.Permanent:
		return who.Display() + " lets you call them."
	case e.Granted && e.Expires.IsZero():
		return who.Display() + " lets you call them for now."
	case e.Granted:
		return who.Display() + " lets you call them until " + e.Expires.Local().Format("2 Jan 15:04") + "."
	case e.Automatic:
		return "WhatsApp has taken away the permission to call " + who.Display() + ": too many calls were not answered."
	}
	return who.Display() + " does not want to be called."
}
