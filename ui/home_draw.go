package ui

import (
	"fmt"

	"tring/phone"
)

// Draw lays the lists, the person in front, the dial box and the sound devices
// out, leaving out from the bottom what does not fit.
func (h *home) Draw(a area) {
	switch {
	case a.w >= wideW && a.h >= wideH-2:
		h.drawWide(a)
	case a.w >= fullW-4 && a.h >= 18:
		h.drawFull(a)
	default:
		h.drawSmall(a)
	}
}

func (h *home) drawFull(a area) {
	a, devices := a.bottom(1)
	a, box := a.bottom(4)
	a, person := a.bottom(2)
	h.drawTabs(a)
	h.drawPersonLine(person)
	h.box.draw(box.frame("call", line, title))
	h.drawSound(devices)
}

func (h *home) drawSmall(a area) {
	if h.box.open {
		var box area
		a, box = a.bottom(2)
		h.box.draw(box)
	}
	h.drawTabNames(a, 0)
	_, list := a.top(1)
	h.drawList(list)
}

func (h *home) drawWide(a area) {
	a, devices := a.bottom(1)
	a, box := a.bottom(4)
	left, right := a.left(a.w * 2 / 5)
	lists, person := right.bottom(9)
	h.drawPeoplePane(left)
	h.drawRecentsPane(lists)
	h.drawPersonPane(person.frame("selected", line, title))
	h.box.draw(box.frame("call", line, title))
	h.drawSound(devices)
}

// drawTabs is one list in a frame whose title names the tabs.
func (h *home) drawTabs(a area) {
	inside := a.frame("", line, title)
	h.drawTabNames(a, 2)
	h.drawList(inside.inset(1, 0))
}

func (h *home) drawTabNames(a area, x int) {
	for t := range tabCount {
		look := subtle
		if t == h.tab {
			look = brand
		}
		x = a.put(x, 0, look, " "+tabNames[t]+" ") + 1
	}
	if h.tab != recentsTab && (h.finding || h.search.value() != "") {
		x = a.put(x+1, 0, brand, " "+h.keys.key(Search)+" ")
		h.search.draw(a, x, 0, max(a.w-x-3, 8))
		return
	}
	if h.tab == contactsTab && len(h.book.people) > 0 {
		a.put(a.w-10, 0, subtle, fmt.Sprintf(" %d ", len(h.book.people)))
	}
}

func (h *home) drawList(a area) {
	if h.tab == recentsTab {
		h.drawRecents(a, true)
		return
	}
	h.drawPeople(a, true)
}

func (h *home) drawPeoplePane(a area) {
	inFront := h.tab != recentsTab
	inside := a.frame(tabNames[max(h.tab, contactsTab)], frameRole(inFront), titleRole(inFront))
	count := fmt.Sprintf(" %d ", len(h.found))
	a.put(a.w-len(count)-2, 0, subtle, count)
	search, rest := inside.inset(1, 0).top(2)
	search.put(0, 0, brand, h.keys.key(Search))
	if h.finding || h.search.value() != "" {
		h.search.draw(search, 2, 0, search.w-3)
	} else {
		search.put(2, 0, subtle, "search names, numbers, notes")
	}
	h.drawPeople(rest, inFront)
}

func (h *home) drawRecentsPane(a area) {
	inFront := h.tab == recentsTab
	inside := a.frame("Recents", frameRole(inFront), titleRole(inFront))
	if h.missed > 0 {
		missed := fmt.Sprintf(" %d missed ", h.missed)
		a.put(a.w-len(missed)-2, 0, bad, missed)
	}
	h.drawRecents(inside.inset(1, 0), inFront)
}

func frameRole(inFront bool) role {
	if inFront {
		return subtle
	}
	return line
}

func titleRole(inFront bool) role {
	if inFront {
		return brand
	}
	return title
}

// drawPeople lists the contacts found.
func (h *home) drawPeople(a area, inFront bool) {
	if len(h.found) == 0 {
		h.drawNobody(a)
		return
	}
	from, to := h.people.window(len(h.found), a.h)
	for i := from; i < to; i++ {
		h.drawPerson(a, i-from, &h.book.people[h.found[i]], inFront && i == h.people.at)
		a.press(0, i-from, a.w, Call, i)
	}
}

func (h *home) drawNobody(a area) {
	switch {
	case h.search.value() != "":
		a.centre(a.h/3, subtle, "nobody fits “"+h.search.value()+"”")
	case h.tab == favouritesTab:
		a.centre(a.h/3, subtle, "no favourites yet: "+h.keys.key(Favourite)+" on a contact makes one")
	default:
		a.centre(a.h/3, subtle, "no contacts yet")
		a.centre(a.h/3+1, subtle, "they come from your phone a moment after linking")
	}
}

func (h *home) drawPerson(a area, y int, p *person, inFront bool) {
	name, rest := text, subtle
	if inFront {
		name, rest = chosen, chosenDim
		a.at(0, y, a.w, 1).fill(chosenDim)
		a.put(0, y, chosen, "▸")
	}
	if p.Favourite {
		a.put(1, y, rest, "★")
	}
	width := min(max(a.w/2-3, 12), 28)
	a.fit(3, y, width, name, h.who(p.Party))
	if h.named(p.Party) {
		a.fit(4+width, y, max(a.w-width-5, 0), rest, h.number(p.Party))
	}
	if p.Note != "" && a.w > 60 {
		a.fit(6+width+20, y, max(a.w-width-27, 0), rest, phone.CleanLine(p.Note, 60))
	}
}

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

// drawSound names the devices that a call will use.
func (h *home) drawSound(a area) {
	x := 1
	for _, part := range h.soundWords() {
		x = a.put(x, 0, subtle, part.name+" ")
		x = a.fit(x, 0, min(cells(part.device), max(a.w/3-8, a.w-x-60)), text, part.device) + 3
	}
}
