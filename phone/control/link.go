package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tring/phone"
)

// linkVerb answers with one "pairing" for every step, and its result at the end.
const linkVerb = "link"

// Pairing is one step of linking a line, as phone.PairingStep. Its text is
// secret where the kind is scan, code or passkey.
type Pairing struct {
	Kind       string    `json:"kind"` // scan, code, passkey, confirm, wait, done
	Text       string    `json:"text,omitempty"`
	Index      int       `json:"index,omitempty"` // this code is the index-th …
	Count      int       `json:"count,omitempty"` // … of count
	Expires    time.Time `json:"expires,omitzero"`
	SessionEnd time.Time `json:"session_end,omitzero"`
}

// Linked is the result of "link": the number of the account.
type Linked struct {
	Number string `json:"number"`
}

// connectTime is how long a line may take to say that it can be linked.
const connectTime = 30 * time.Second

// link leads a client through linking. A client that goes away, or does not
// read, ends the attempt: nobody would see its codes any more.
func (s *Server) link(ctx context.Context, c *client, id int64, with With) {
	defer c.end(true)
	show := func(step phone.PairingStep) error {
		p := Pairing{step.Kind.String(), step.Text, step.Index, step.Count, step.Expires, step.SessionEnd}
		if !c.tell(Response{ID: id, Pairing: &p}) {
			return errGone
		}
		return nil
	}
	attempt := linking{phone: s.Phone, line: lineToLink(s.Phone.Lines(), with.Line), ask: requestOf(with), show: show}
	linked, err := attempt.run(ctx)
	if err != nil {
		c.tell(Response{ID: id, Error: describe(err)})
		return
	}
	c.tell(Response{ID: id, Result: linked})
}

// errGone says that a client left in the middle of linking.
var errGone = errors.New("the client is gone")

func requestOf(with With) phone.PairingRequest {
	if with.Number != "" {
		return phone.PairingRequest{Method: phone.ByCode, Number: with.Number}
	}
	return phone.PairingRequest{Method: phone.ByQR}
}

// lineToLink is the line with a name; without one the first that is not linked,
// else the first.
func lineToLink(lines []phone.LineInfo, name string) string {
	if name != "" || len(lines) == 0 {
		return name
	}
	for _, l := range lines {
		if linkable(l.Status) {
			return l.Name
		}
	}
	return lines[0].Name
}

func linkable(s phone.LineStatus) bool { return s == phone.LineUnlinked || s == phone.LineLoggedOut }

// linking is one attempt to link a line.
type linking struct {
	phone *phone.Phone
	line  string
	ask   phone.PairingRequest
	show  func(phone.PairingStep) error
	begun bool
}

// run links the line once it is able to be, and returns when it is ready.
func (l *linking) run(ctx context.Context) (linked Linked, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.NewTimer(connectTime)
	defer late.Stop()
	for news := l.phone.Watch(ctx); ; {
		select {
		case <-late.C:
			if !l.begun {
				return linked, fmt.Errorf("%s did not connect within %s", l.line, connectTime)
			}
		case e, more := <-news:
			if !more {
				l.abandon(ctx)
				return linked, phone.ErrClosed
			}
			linked, err = l.take(ctx, e)
			if err != nil || linked.Number != "" {
				return linked, err
			}
		}
	}
}

// take handles one event of the phone; a number means that the line is linked.
func (l *linking) take(ctx context.Context, e phone.Event) (linked Linked, err error) {
	switch {
	case e.Line != l.line:
	case e.Pairing != nil && e.Pairing.Kind == phone.PairingFailed:
		return linked, e.Pairing.Err
	case e.Pairing != nil:
		if err = l.show(*e.Pairing); err != nil {
			l.abandon(ctx)
		}
	case e.Info == nil:
	case e.Info.Status == phone.LineReady:
		return Linked{e.Info.Own.Number}, nil
	case l.begun:
	case e.Info.Status == phone.LineBanned, e.Info.Status == phone.LineOutdated, e.Info.Status == phone.LineReplaced:
		return linked, fmt.Errorf("%s cannot be linked now: %s", l.line, e.Info.Detail)
	case linkable(e.Info.Status):
		l.begun = true
		err = l.phone.Link(ctx, l.line, l.ask)
	}
	return linked, err
}

// abandon ends an attempt that nobody watches any more.
func (l *linking) abandon(ctx context.Context) {
	if l.begun {
		l.phone.CancelLink(context.WithoutCancel(ctx), l.line) // fails if it is over, which is as good
	}
}

func passkey(ctx context.Context, p *phone.Phone, w With) error {
	return p.PairingPasskey(ctx, lineToLink(p.Lines(), w.Line), w.Text)
}

func confirmLink(ctx context.Context, p *phone.Phone, w With) error {
	if w.On == nil {
		return &Error{"usage", `"on" is missing: true if the phone shows the same`}
	}
	return p.PairingConfirm(ctx, lineToLink(p.Lines(), w.Line), *w.On)
}

func cancelLink(ctx context.Context, p *phone.Phone, w With) error {
	return p.CancelLink(ctx, lineToLink(p.Lines(), w.Line))
}
