package ui

import (
	"fmt"

	"tring/phone"
)

func (h *home) drawPeoplePane(a area) {
	inFront := !h.tab.ofCalls()
	inside := h.paneFrame(a, contactsTab, favouritesTab)
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
	case !h.known.people: // a moment after the start
	case h.search.value() != "":
		a.centre(a.h/3, subtle, "nobody fits “"+h.search.value()+"”")
	case h.tab == favouritesTab:
		a.centre(a.h/3, subtle, "no favourites yet: "+h.keys.key(Favourite)+" on a contact makes one")
	default:
		a.centre(a.h/3, subtle, "no contacts yet")
		a.centre(a.h/3+1, subtle, "they come a moment after linking")
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
