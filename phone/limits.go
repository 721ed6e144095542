package phone

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits keep an account out of trouble: networks restrict accounts that call
// many strangers. Zero fields do not limit.
type Limits struct {
	PerHour      int           // calls that we place in an hour
	NewPerDay    int           // people a day whom we never talked to before
	Gap          time.Duration // between two calls to the same person; five times that after two unanswered ones
	Unanswered   int           // unanswered calls in a row to one person, then a person must say yes
	QuietFrom    time.Duration // from this time of their day …
	QuietTo      time.Duration // … to this one a person must say yes; equal ones never ask
	ConfirmNew   bool          // a person must say yes to calling somebody new
	YesForgotten time.Duration // how long a question stays open; 30 s if zero
	// Unattended says whether a program may say yes in a person's place, and
	// counts that it did; without it none may.
	Unattended func(now time.Time) error
}

// ErrUnattended says that a program may not decide what a person should.
var ErrUnattended = errors.New("a person must say yes to this call")

func (l Limits) unattended(now time.Time) error {
	if l.Unattended == nil {
		return ErrUnattended
	}
	return l.Unattended(now)
}

// AskFirst is the error of a call that a person must confirm. Dialling the
// same person again soon is the yes.
type AskFirst struct {
	Reasons []string // sentences
	Within  time.Duration
}

func (a AskFirst) Error() string {
	return fmt.Sprintf("%s Call again within %d seconds to do it.", strings.Join(a.Reasons, " "), int(a.Within.Seconds()))
}

// dealings is what the limits need of the past, gathered from the log.
type dealings struct {
	lastHour   int       // calls that we placed in the last hour
	newToday   int       // people first called in the last 24 hours
	known      bool      // we have talked to, or been called by, this person, or know them
	last       time.Time // our last call to them, zero if none
	unanswered int       // our calls to them in a row that nobody answered
	there      time.Time // the time of day at their number, zero if not known
}

// patienceAfter is how many unanswered calls make the gap longer.
const patienceAfter = 2

// refuse says why a call must not be placed at all, or nil.
func (l Limits) refuse(r dealings, now time.Time) error {
	gap := l.Gap
	if r.unanswered >= patienceAfter {
		gap *= 5
	}
	switch {
	case l.PerHour > 0 && r.lastHour >= l.PerHour:
		return fmt.Errorf("%d calls were placed in the last hour, which is the limit: %w", r.lastHour, RateLimited)
	case !r.known && l.NewPerDay > 0 && r.newToday >= l.NewPerDay:
		return fmt.Errorf("%d new people were called today, which is the limit: %w", r.newToday, RateLimited)
	case !r.last.IsZero() && now.Sub(r.last) < gap:
		return fmt.Errorf("they were called just now; wait %v: %w", (gap - now.Sub(r.last)).Round(time.Second), RateLimited)
	}
	return nil
}

// doubts are the reasons to ask a person before the call is placed.
func (l Limits) doubts(r dealings) []string {
	var why []string
	if l.ConfirmNew && !r.known {
		why = append(why, "You have never talked to them, and calling strangers gets accounts restricted.")
	}
	if l.Unanswered > 0 && r.unanswered >= l.Unanswered {
		why = append(why, fmt.Sprintf("They did not answer your last %d calls.", r.unanswered))
	}
	if !r.there.IsZero() && l.quiet(timeOfDay(r.there)) {
		why = append(why, fmt.Sprintf("It is %s there.", r.there.Format("15:04")))
	}
	return why
}

func timeOfDay(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// quiet reports whether a time of day is in the quiet hours, which may cross
// midnight.
func (l Limits) quiet(at time.Duration) bool {
	if l.QuietFrom <= l.QuietTo {
		return at >= l.QuietFrom && at < l.QuietTo
	}
	return at >= l.QuietFrom || at < l.QuietTo
}

// dealingsWith gathers the past of one person, from a log with the oldest first.
func dealingsWith(all []Digest, key string, now time.Time) dealings {
	var r dealings
	met := map[string]bool{}
	for i := range all {
		d := &all[i]
		if d.Direction == Outbound {
			if now.Sub(d.Started) < time.Hour {
				r.lastHour++
			}
			if now.Sub(d.Started) < 24*time.Hour && !met[d.Key] {
				r.newToday++
			}
		}
		met[d.Key] = true
		if d.Key == key {
			r.note(d)
		}
	}
	r.known = r.known || met[key]
	return r
}

// placed is how many calls a line has placed since a time.
func (p *Phone) placed(t *trunk, since time.Time) (n int) {
	p.index.view(func(all []Digest) {
		for i := len(all) - 1; i >= 0 && all[i].Started.After(since); i-- {
			if all[i].Direction == Outbound && all[i].Line == t.info.Name {
				n++
			}
		}
	})
	for _, c := range p.calls {
		if c.Direction == Outbound && c.line == t {
			n++
		}
	}
	return n
}

// note takes in one call with the person asked about.
func (r *dealings) note(d *Digest) {
	switch {
	case d.Outcome == OutcomeAnswered || d.Direction == Inbound:
		r.unanswered = 0
	case d.Outcome == OutcomeNoAnswer || d.Outcome == OutcomeDeclined || d.Outcome == OutcomeBusy:
		r.unanswered++
	}
	if d.Direction == Outbound {
		r.last = d.Started
	}
}

// allowed says whether a call may be placed now.
func (p *Phone) allowed(t *trunk, to Party, yes Consent, now time.Time) error {
	l := p.cfg.Limits
	var r dealings
	p.index.view(func(all []Digest) { r = dealingsWith(all, to.Key(), now) })
	_, asksFirst := t.Line.(Permitter) // nobody is called there who has not allowed it
	r.known = r.known || to.Known() || asksFirst
	if to.Number != "" {
		r.there = ReadNumber(to.Number, p.cfg.Region, now).LocalTime
	}
	if err := l.refuse(r, now); err != nil {
		return err
	}
	if err := p.lockOf(t.info.Name, now); err != nil && !r.known {
		return err
	}
	why := l.doubts(r)
	if p.contactOf(to).NoCall {
		why = append(why, "They asked not to be called.")
	}
	if p.soundless() && !p.silently {
		why = append(why, "There is no sound device: you will not hear each other until you plug one in.")
	}
	if len(why) == 0 {
		return nil
	}
	if err := p.consented(to, why, yes, now); err != nil {
		return err
	}
	p.silently = p.soundless()
	return nil
}

// consented says whether the doubts about a call have been answered with yes.
func (p *Phone) consented(to Party, why []string, yes Consent, now time.Time) error {
	l := p.cfg.Limits
	asked, open := p.asked[to.Key()]
	delete(p.asked, to.Key())
	switch {
	case yes == ByPerson:
		return nil
	case yes == ByProgram:
		return l.unattended(now)
	case yes == ByRepeating && open && now.Sub(asked) <= l.YesForgotten:
		return nil
	}
	p.asked[to.Key()] = now
	return AskFirst{why, l.YesForgotten}
}
