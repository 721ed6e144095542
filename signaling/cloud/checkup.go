package cloud

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// findings gathers what a checkup found.
type findings []phone.Finding

func (f *findings) add(what, note string, err error) {
	*f = append(*f, phone.Finding{What: what, Note: note, Wrong: sentence(err)})
}

// Checkup looks at everything that must be right for calls to work. Nothing is
// changed, except that a lost subscription is made again.
func (l *Line) Checkup(ctx context.Context) []phone.Finding {
	var f findings
	n, err := l.graph.Number(ctx)
	f.add("number", fmt.Sprintf("%s, quality %s, Graph %s", n.Name, n.Quality, l.config.Version), err)
	if err != nil {
		return append(f, l.listenerFindings()...) // nothing else can be asked
	}
	l.tokenFinding(ctx, &f)
	l.settingsFindings(ctx, &f, n)
	l.subscriptionFinding(ctx, &f)
	l.addressFindings(ctx, &f)
	return append(f, l.listenerFindings()...)
}

// addressFindings look whether events come here. While the line does not run,
// Meta's callback is somebody else's, and nobody answers.
func (l *Line) addressFindings(ctx context.Context, f *findings) {
	c, err := l.graph.Callbacks(ctx)
	note, wrong := orNone(c.Used()), l.callbackIsOurs(c.Used())
	address, _ := l.Health()
	running := address != ""
	if wrong != nil && !running {
		note, wrong = note+"; while tring runs it is "+l.config.PublicURL, nil
	}
	f.add("callback address", note, errors.Join(err, wrong))
	if l.config.PublicURL == "" {
		return
	}
	note, wrong = l.config.PublicURL, l.knock(ctx)
	if wrong != nil && !running {
		note, wrong = note+" does not answer; it must while tring runs", nil
	}
	f.add("public address", note, wrong)
}

func orNone(address string) string {
	if address == "" {
		return "none"
	}
	return address
}

// soon is how long before its end a token deserves a warning.
const soon = 7 * day

// tokenFinding asks Meta about the token. One that may not ask about itself
// has proved by the questions before that it is good now.
func (l *Line) tokenFinding(ctx context.Context, f *findings) {
	t, err := l.graph.Token(ctx)
	if err != nil {
		f.add("access token", "accepted; when it expires is not known", nil)
		return
	}
	l.noteApp(t.App)
	note, wrong := "never expires", error(nil)
	if !t.Expires.IsZero() {
		note = "expires on " + t.Expires.Local().Format("2 Jan 2006 15:04")
	}
	switch missing := t.Lacks(); {
	case len(missing) > 0:
		wrong = fmt.Errorf("it lacks %s; give the system user these permissions and make a new token", strings.Join(missing, " and "))
	case !t.Expires.IsZero() && t.Expires.Sub(l.graph.Now()) < soon:
		wrong = fmt.Errorf("it %s; make a lasting one for a system user and run `tring line add business %s` again", note, l.config.Name)
	}
	f.add("access token", note, wrong)
}

// settingsFindings look at what Meta lets the number do.
func (l *Line) settingsFindings(ctx context.Context, f *findings, n graph.Number) {
	s, err := l.graph.Settings(ctx)
	f.add("calling settings", s.Status, err)
	if err != nil {
		return
	}
	now := l.graph.Now()
	f.add("calls from customers", openNow(s, now), s.MayCall(false, now))
	f.add("calls to customers", countryNote(n.Display), s.MayCall(true, now))
	f.add("hours and voicemail", "", clash(s))
	if p := l.pickup.rate(now); p.Offered > 0 {
		var low error
		if p.Low {
			low = errLowPickup
		}
		f.add("pickup rate", fmt.Sprintf("%d of %d calls of the last week were answered", p.Answered, p.Offered), low)
	}
}

var errLowPickup = errors.New("few calls are answered, and Meta may hide the call button; set call hours with `tring rules push`")

// errClash: Meta's page on voicemail asks for it.
var errClash = errors.New("voicemail works only while the call hours are off; run `tring biz settings set hours=off`")

func clash(s graph.Settings) error {
	if s.Voicemail != nil && s.Voicemail.Status == "ENABLED" && s.Hours != nil && s.Hours.Enabled {
		return errClash
	}
	return nil
}

// openNow says whether customers may call at the moment.
func openNow(s graph.Settings, now time.Time) string {
	switch {
	case s.Icon == "DISABLE_ALL":
		return "the call button is hidden"
	case s.Hours == nil || !s.Hours.Enabled:
		return "at any time"
	}
	return "within the call hours"
}

// subscriptionFinding looks whether the account's events reach our app.
func (l *Line) subscriptionFinding(ctx context.Context, f *findings) {
	const what = "subscription of the account"
	if l.config.AccountID == "" {
		f.add(what, "not looked at: the configuration has no account_id", nil)
		return
	}
	lost, err := l.subscribed(ctx)
	switch {
	case lost:
		f.add(what, "it was lost; subscribed again just now", err)
	case !l.lastLost().IsZero():
		f.add(what, "there; lost and made again on "+l.lastLost().Local().Format(time.DateTime), err)
	default:
		f.add(what, "there", err)
	}
}

var errOtherCallback = errors.New("Meta sends this number's events to another address; calls will not ring here")

func (l *Line) callbackIsOurs(used string) error {
	if l.config.PublicURL != "" && used != l.config.PublicURL {
		return errOtherCallback
	}
	return nil
}

// listenerFindings are what the listener has seen, and our clock.
func (l *Line) listenerFindings() (f findings) {
	address, h := l.Health()
	if address == "" {
		f.add("webhook listener", "not running; "+lastEvent(webhook.LastEvent(l.config.Dir)), nil)
		return f
	}
	var forged error
	if h.Forged > 0 {
		forged = fmt.Errorf("%d webhooks had no valid signature, the last at %s; if calls do not ring, check the app secret", h.Forged, h.LastForged.Local().Format(time.DateTime))
	}
	var refused error
	if h.Refused > 0 {
		refused = fmt.Errorf("%d webhooks could not be taken; see the log", h.Refused)
	}
	f.add("webhook listener", address+", "+lastEvent(h.LastEvent), refused)
	f.add("webhook signatures", fmt.Sprintf("%d events, all signed by Meta", h.Events), forged)
	if off := time.Until(l.graph.Now()).Abs(); off > time.Minute {
		f.add("clock", "", fmt.Errorf("this computer's clock is %v off Meta's; set it", off.Round(time.Second)))
	}
	return f
}

func lastEvent(at time.Time) string {
	if at.IsZero() {
		return "no event yet"
	}
	return "last event " + at.Local().Format(time.DateTime)
}
