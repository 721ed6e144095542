package ui

import (
	"slices"
	"time"

	"tring/phone"
)

// callTime is what a call's timer shows: the talk, before that the waiting.
func (d *desk) callTime(c phone.Call) time.Duration {
	if c.Answered.IsZero() {
		return d.now.Sub(c.Started)
	}
	return c.Duration(d.now)
}

// micWord says what they hear of us, as the audio thread has it.
func (d *desk) micWord(c phone.Call) (string, role) {
	switch {
	case !c.State.Answered():
		return "", subtle
	case c.Held:
		return "ON HOLD", fair
	case c.Muted || d.gauges(c.ID).levels.Muted:
		return "MUTED", bad
	}
	return "MIC ON", good
}

// oneLine is the phone in a single line, for a window too small for more.
func (r *root) oneLine(a area) {
	if calls := slices.Concat(r.ringing(false), r.decidable(), r.ringing(true)); len(calls) > 0 {
		x := a.put(0, 0, ring, "CALL ")
		x = a.put(x, 0, strong, r.who(calls[0].Party)) + 1
		a.put(x, 0, brand, r.keys.key(Answer)+"/"+r.keys.key(Decline))
		return
	}
	c, ok := r.focus()
	if !ok {
		x := a.put(0, 0, brand, "tring") + 1
		x = a.put(x, 0, subtle, r.now.Format("15:04")) + 1
		if r.missed > 0 {
			a.put(x, 0, bad, plural(r.missed, "missed call"))
		}
		return
	}
	word, look := r.micWord(c)
	if word == "" {
		word, look = stateWords(c), fair
	}
	x := a.put(0, 0, strong, timer(r.callTime(c))) + 1
	x = a.fit(x, 0, max(min(cells(r.who(c.Party)), a.w-x-cells(word)-1), 0), text, r.who(c.Party)) + 1
	a.put(x, 0, look, word)
}

// drawStrip is the phone in a small window: what matters and two keys.
func (r *root) drawStrip(a area) {
	head, rest := a.top(1)
	r.header(head)
	body, foot := rest.bottom(1)
	switch {
	case len(r.dialogs) > 0 && !r.ringsInFront():
		r.front().Draw(body)
	case r.ringsInFront():
		r.ringStrip(body)
	case r.busy() && (r.base == r.pages.talk || r.base == r.pages.home):
		r.callStrip(body)
	default:
		r.base.Draw(body)
	}
	r.footer(foot)
	r.drawNotice(body)
}

func (r *root) ringsInFront() bool {
	_, rings := r.front().(*incoming)
	return rings
}

func (r *root) ringStrip(a area) {
	calls := r.ringing(false)
	if len(calls) == 0 {
		return
	}
	if s, ok := r.front().(*incoming); ok && s.saying {
		s.drawReplies(a, 1)
		return
	}
	c := calls[0]
	a.put(1, 1, ring, "INCOMING CALL")
	a.fit(1, 2, a.w-2, strong, r.who(c.Party))
	a.fit(1, 3, a.w-2, subtle, r.number(c.Party)+"  "+r.place(c.Party))
	a.put(1, 4, subtle, "ringing "+timer(r.now.Sub(c.Started)))
}

func (r *root) callStrip(a area) {
	c, _ := r.focus()
	word, look := r.micWord(c)
	a.fit(1, 1, a.w-2, strong, r.who(c.Party))
	x := a.badge(1, 2, look, word)
	if x > 1 {
		x += 2
	}
	a.put(x, 2, subtle, stateWords(c))
	if c.State.Answered() {
		g := r.gauges(c.ID)
		a.put(1, 4, subtle, "you")
		a.meter(6, 4, a.w-8, g.levels.Mic, g.levels.MicPeak)
		a.put(1, 5, subtle, "them")
		a.meter(6, 5, a.w-8, g.levels.Peer, g.levels.PeerPeak)
		if other, ok := r.aside(); ok {
			a.fit(1, 6, a.w-2, fair, r.who(other.Party)+" on hold")
		}
		if t := r.pages.talk; t.pad {
			a.fit(1, a.h-1, a.w-2, text, "sent: "+lastDigits(t.sent, a.w-10))
		}
		quality, qrole := qualityWord(g.quality)
		a.right(2, qrole, quality+" ")
	}
}
