package ui

import (
	"fmt"

	"tring/phone"
)

// header says whose phone this is and what goes on.
func (r *root) header(a area) {
	if c, ok := r.focus(); ok {
		r.callHeader(a, c)
		return
	}
	a.fill(bar)
	x := a.put(1, 0, barBrand, "tring")
	if r.base != r.pages.home && r.base.Name() != "" {
		x = a.put(x+2, 0, bar, r.base.Name())
	}
	if r.base == r.pages.linking && r.cfg.Profile != "" && r.w >= fullW {
		x = a.put(x+2, 0, bar, "profile "+r.cfg.Profile)
	}
	x = r.lineHeader(a, x+2)
	end := a.right(0, bar, r.now.Format(r.clockFormat()+" "))
	if word := map[phone.Presence]string{phone.DND: "DND", phone.BusyNow: "BUSY", phone.Away: "AWAY"}[r.presence]; word != "" {
		end -= len(word) + 2
		a.put(end, 0, barWarn, word)
	}
	if r.rulesProblem() != "" {
		end -= 7
		a.put(end, 0, barAlert, "RULES")
	}
	if r.missed > 0 && end-x > 12 {
		missed := fmt.Sprintf("%d missed", r.missed)
		end -= len(missed) + 2
		a.put(end, 0, barAlert, missed)
	}
	if r.unheard > 0 && end-x > 15 {
		unheard := fmt.Sprintf("%d voicemail", r.unheard)
		a.put(end-len(unheard)-2, 0, barWarn, unheard)
	}
}

func (r *root) clockFormat() string {
	if r.w >= wideW {
		return "Mon 2 Jan 15:04"
	}
	return "15:04"
}

// callHeader is the header while a call is up, whichever page is shown.
func (r *root) callHeader(a area, c phone.Call) {
	look := barGood
	if c.Reconnecting || c.Muted || c.Held {
		look = barMuted
	}
	a.fill(look)
	x := a.put(1, 0, look, "tring")
	x = a.put(x+2, 0, look, callWord(c))
	end := a.right(0, look, timer(r.callTime(c))+" ")
	if c.OnRecord {
		g := r.gauges(c.ID)
		words := " REC " + timer(r.now.Sub(g.rec)) + " "
		if free := g.levels.DiskFree; free > 0 && a.w >= 100 {
			words += fmt.Sprintf(" %.1f GB free ", float64(free)/1e9)
		}
		end -= cells(words) + 1
		a.put(end, 0, barBad, words)
	}
	if c.Muted {
		end -= 8
		a.put(end, 0, barBad, " MUTED ")
	}
	a.fit(x+3, 0, max(end-x-4, 0), look, r.who(c.Party)+"  "+r.numberIfNamed(c.Party))
}
