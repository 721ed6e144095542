package ui

import (
	"fmt"

	"tring/phone"
)

// drawPersonLine is what there is to know about the person in front, in a row.
func (h *home) drawPersonLine(a area) {
	p, ok := h.chosen()
	if !ok {
		return
	}
	x := a.put(2, 0, strong, h.who(p)) + 2
	for _, fact := range h.facts(p) {
		if x+cells(fact) > a.w-1 {
			break
		}
		x = a.put(x, 0, subtle, fact) + 3
	}
	if e, isCall := h.entry(); isCall && e.Recording != "" && a.h > 1 {
		h.drawPlayback(a, 2, 1, e)
	}
}

// facts are short sentences about a person, the most useful first.
func (h *home) facts(p phone.Party) (facts []string) {
	add := func(s string) {
		if s != "" {
			facts = append(facts, s)
		}
	}
	add(h.place(p) + kindWord(h.reading(p.Number).Kind))
	add(h.clockThere(p.Number))
	if e, isCall := h.entry(); isCall {
		add(e.Permission.Sentence(h.now))
	}
	c := h.contact(p)
	if !c.LastCall.IsZero() {
		add("last call " + ago(h.now, c.LastCall))
	}
	if c.Note != "" {
		add("note: " + phone.CleanLine(c.Note, 60))
	}
	return facts
}

// drawPersonPane is the same with room to breathe.
func (h *home) drawPersonPane(a area) {
	p, ok := h.chosen()
	if !ok {
		a.centre(a.h/2, subtle, "nobody selected")
		return
	}
	c := h.contact(p)
	a.fit(2, 0, a.w-14, strong, h.who(p))
	if c.Favourite {
		a.right(0, fair, "★ favourite ")
	}
	a.fit(2, 1, a.w-4, text, h.number(p)+"   "+h.place(p)+kindWord(h.reading(p.Number).Kind))
	if clock := h.clockThere(p.Number); clock != "" {
		a.right(1, subtle, clock+" ")
	}
	a.fit(2, 2, a.w-4, subtle, h.history(p, c))
	if c.Note != "" {
		a.fit(2, 3, a.w-4, text, "note: "+phone.CleanLine(c.Note, 200))
	}
	if e, isCall := h.entry(); isCall && e.Recording != "" {
		h.drawPlayback(a, 2, 4, e)
	}
	x := 2
	for _, act := range []Action{Call, WriteNote, EditName, Favourite, Block, CopyNumber} {
		x = a.put(x, a.h-1, brand, h.keys.key(act)) + 1
		x = a.put(x, a.h-1, subtle, actions[act].short) + 3
	}
}

// history sums up the calls with a person that are on the desk.
func (h *home) history(p phone.Party, c phone.Contact) string {
	calls, missed := 0, 0
	for _, e := range h.recents {
		if e.Party.Same(p) {
			calls++
			if e.Outcome == phone.OutcomeMissed {
				missed++
			}
		}
	}
	if calls == 0 {
		return "no calls yet"
	}
	words := plural(calls, "recent call")
	if missed > 0 {
		words += fmt.Sprintf(", %d missed", missed)
	}
	if !c.LastCall.IsZero() {
		words = "last call " + ago(h.now, c.LastCall) + ".  " + words
	}
	return words
}
