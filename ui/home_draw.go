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
	h.box.draw(box.frame(h.boxTitle(), line, title))
	h.drawSound(devices)
}

// boxTitle says which line calls go out on, where somebody has chosen one.
func (h *home) boxTitle() string {
	return "call" + labelled(" from ", phone.CleanLine(h.from, 20))
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
	h.box.draw(box.frame(h.boxTitle(), line, title))
	h.drawSound(devices)
}

// drawTabs is one list in a frame whose title names the tabs.
func (h *home) drawTabs(a area) {
	inside := a.frame("", line, title)
	h.drawTabNames(a, 2)
	h.drawList(inside.inset(1, 0))
}

func (h *home) drawTabNames(a area, x int) {
	finding := !h.tab.ofCalls() && (h.finding || h.search.value() != "")
	for t := range tabCount {
		if finding && a.w < stripW && t != h.tab {
			continue
		}
		look := subtle
		if t == h.tab {
			look = brand
		}
		name := " " + tabNames[t] + " "
		if a.w < stripW {
			name = tabNames[t]
		}
		x = a.put(x, 0, look, name) + 1
	}
	if finding {
		x = a.put(x+1, 0, brand, " "+h.keys.key(Search)+" ")
		h.search.draw(a, x, 0, max(a.w-x-3, 8))
		return
	}
	if h.tab == contactsTab && len(h.book.people) > 0 {
		a.put(a.w-10, 0, subtle, fmt.Sprintf(" %d ", len(h.book.people)))
	}
}

func (h *home) drawList(a area) {
	switch h.tab {
	case recentsTab:
		h.drawRecents(a, true)
	case voicemailTab:
		h.drawVoicemail(a)
	default:
		h.drawPeople(a, true)
	}
}

func (h *home) drawRecentsPane(a area) {
	inside := h.paneFrame(a, recentsTab, voicemailTab).inset(1, 0)
	if h.tab == voicemailTab {
		h.drawVoicemail(inside)
		return
	}
	inFront := h.tab == recentsTab
	if h.missed > 0 {
		missed := fmt.Sprintf(" %d missed ", h.missed)
		a.put(a.w-len(missed)-2, 0, bad, missed)
	}
	h.drawRecents(inside, inFront)
}

// paneFrame is the frame of a pane that has two tabs; the first one is shown
// while the keys are in the other pane.
func (h *home) paneFrame(a area, first, second tab) area {
	inFront := h.tab == first || h.tab == second
	inside := a.frame("", frameRole(inFront), title)
	x := 2
	for _, t := range []tab{first, second} {
		look := subtle
		if t == h.tab || t == first && !inFront {
			look = titleRole(inFront)
		}
		x = a.put(x, 0, look, " "+tabNames[t]+" ") + 1
	}
	return inside
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

// drawSound names the devices that a call will use.
func (h *home) drawSound(a area) {
	x := 1
	for _, part := range h.soundWords() {
		x = a.put(x, 0, subtle, part.name+" ")
		x = a.fit(x, 0, min(cells(part.device), max(a.w/3-8, a.w-x-60)), text, part.device) + 3
	}
}
