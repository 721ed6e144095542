package cloud

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"tring/phone"
)

func finding(what, note string, err error) phone.Finding {
	return phone.Finding{What: what, Note: note, Wrong: sentence(err)}
}

// Checkup looks at everything that must be right for calls to work. Nothing is
// changed, except that a lost subscription is made again.
func (l *Line) Checkup(ctx context.Context) []phone.Finding {
	var out []phone.Finding
	add := func(what, note string, err error) { out = append(out, finding(what, note, err)) }
	n, err := l.graph.Number(ctx)
	add("access token and number", fmt.Sprintf("%s, quality %s, Graph %s", n.Name, n.Quality, l.config.Version), err)
	if err != nil {
		return out // nothing else can be asked
	}
	s, err := l.graph.Settings(ctx)
	add("calling settings", s.Status, err)
	if err == nil {
		now := l.graph.Now()
		add("calls from customers", "", s.MayCall(false, now))
		add("calls to customers", "", s.MayCall(true, now))
	}
	if l.config.AccountID != "" {
		add("subscription of the account", "", l.subscribed(ctx))
	}
	c, err := l.graph.Callbacks(ctx)
	add("callback address", c.Used(), errors.Join(err, l.callbackIsOurs(c.Used())))
	if l.config.PublicURL != "" {
		add("public address", l.config.PublicURL, l.knock(ctx))
	}
	return append(out, l.listenerFindings()...)
}

var errOtherCallback = errors.New("Meta sends this number's events to another address; calls will not ring here")

func (l *Line) callbackIsOurs(used string) error {
	if l.config.PublicURL != "" && used != l.config.PublicURL {
		return errOtherCallback
	}
	return nil
}

// listenerFindings are what the listener has seen, and our clock.
func (l *Line) listenerFindings() []phone.Finding {
	address, h := l.Health()
	if address == "" {
		return []phone.Finding{finding("webhook listener", "not running", nil)}
	}
	last := "no event yet"
	if !h.LastEvent.IsZero() {
		last = "last event " + h.LastEvent.Local().Format(time.DateTime)
	}
	var forged error
	if h.Forged > 0 {
		forged = fmt.Errorf("%d webhooks had no valid signature, the last at %s; if calls do not ring, check the app secret", h.Forged, h.LastForged.Local().Format(time.DateTime))
	}
	out := []phone.Finding{finding("webhook listener", address+", "+last, nil), finding("webhook signatures", "", forged)}
	if off := time.Until(l.graph.Now()).Abs(); off > time.Minute {
		out = append(out, finding("clock", "", fmt.Errorf("this computer's clock is %v off Meta's; set it", off.Round(time.Second))))
	}
	return out
}

var errKnock = errors.New("the public address does not lead here; is the tunnel up")

// knock asks ourselves through the public address, as Meta would.
func (l *Line) knock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	challenge := rand.Text()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}, "hub.verify_token": {l.config.VerifyToken}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.config.PublicURL+"?"+q.Encode(), nil)
	if err != nil {
		return fmt.Errorf("%w: the address is no URL", errKnock)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return errKnock // the error would show the verify token
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1024))
	if err != nil || string(answer) != challenge {
		return fmt.Errorf("%w: HTTP %d", errKnock, resp.StatusCode)
	}
	return nil
}
