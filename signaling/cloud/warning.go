package cloud

import (
	"fmt"
	"strings"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// warnings are Meta's about the quality of an account's calls, for people.
var warnings = map[string]string{
	"LOW_BUSINESS_INITIATED_CALLING_QUALITY": "Many people complain of your calls. Meta will stop them for days if that goes on: call fewer people, and only those who wait for it.",
	"LOW_USER_INITIATED_CALLING_QUALITY":     "Many callers complain. Meta will stop their calls for days if that goes on.",
	"USER_INITIATED_CALLS_LOW_PICKUP_RATE":   "Too few calls are answered. Meta will hide the call button if that goes on: set call hours with `tring rules push`, or switch the button off.",
}

// restrictions are what Meta switches off, for people.
var restrictions = map[string]string{
	"RESTRICTED_BUSINESS_INITIATED_CALLING":                "Meta has switched off your calls to customers",
	"RESTRICTED_USER_INITIATED_CALLING":                    "Meta has switched off the customers' calls to you",
	"RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN": "Meta has hidden the call button from customers",
}

// account passes on Meta's warnings about the number.
func (d *desk) account(e webhook.Account) {
	d.log.Warn("Meta warns about this account", "event", phone.CleanName(e.Event), "violation", phone.CleanName(e.Violation), "restrictions", len(e.Restrictions))
	if w := warnings[strings.ToUpper(e.Violation)]; w != "" {
		d.notice(w)
	} else if e.Violation != "" {
		d.notice("Meta warns about this account: " + phone.CleanName(e.Violation) + ". See its quality page.")
	}
	for _, r := range e.Restrictions {
		said := restrictions[strings.ToUpper(r)]
		if said == "" {
			said = "Meta has restricted this account (" + phone.CleanName(r) + ")"
		}
		if !e.Expires.IsZero() {
			said += " until " + e.Expires.Local().Format("2 Jan 15:04")
		}
		d.notice(said + ".")
	}
	d.onSettings()
}

// offered notes whether a customer's call was answered, and warns before Meta
// does when too few are.
func (l *Line) offered(answered bool) {
	p, low := l.pickup.note(l.graph.Now(), answered)
	if err := l.pickup.save(); err != nil {
		l.config.Log.Warn("the pickup rate could not be saved", "error", err)
	}
	l.mu.Lock()
	l.info.Pickup = p
	info := l.info
	l.mu.Unlock()
	l.emit(phone.LineChanged{Info: info})
	if low {
		l.emit(phone.LineNotice{Sentence: fmt.Sprintf("Only %d of the last %d calls were answered. Meta may hide the call button: set call hours with `tring rules push`, or switch the button off.", p.Answered, p.Offered)})
	}
}

// settingsSeen compares the settings with those seen last, and tells what somebody
// changed elsewhere.
func (l *Line) settingsSeen(s graph.Settings) {
	l.mu.Lock()
	before := l.settings
	l.settings = &s
	l.mu.Unlock()
	if before == nil {
		return
	}
	for _, c := range graph.Diff(*before, s) {
		l.emit(phone.LineNotice{Sentence: "The call settings were changed: " + c.String() + "."})
	}
}
