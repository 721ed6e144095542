package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// dialBox is where a number is typed. It shows how the phone reads it before
// anything is dialled, and whom it belongs to.
type dialBox struct {
	desk    *desk
	field   field
	open    bool
	reading phone.NumberReading
	matches []int
	match   int // the match that tab chose, -1 for the number as typed
}

// numberRead is how the phone reads what stands in the box.
type numberRead struct {
	typed   string
	reading phone.NumberReading
}

// matchesShown bounds the matches that tab goes through.
const matchesShown = 20

func newDialBox(d *desk) dialBox {
	return dialBox{desk: d, field: newField("a number, or a name", 120), match: -1}
}

// typed takes a key and has the number read again.
func (b *dialBox) typed(msg tea.Msg) tea.Cmd {
	b.open = true
	if !b.field.update(msg) {
		return nil
	}
	if b.field.value() == "" {
		b.clear()
		return nil
	}
	b.refresh()
	typed, read := b.field.value(), b.desk.phone.ReadNumber
	return func() tea.Msg { return numberRead{typed, read(typed)} }
}

// refresh looks for people whom the text fits.
func (b *dialBox) refresh() {
	b.match = -1
	if b.open {
		b.matches = b.desk.book.search(b.field.value())
		b.matches = b.matches[:min(len(b.matches), matchesShown)]
	}
}

// read takes a reading unless something else has been typed since.
func (b *dialBox) read(msg numberRead) {
	if msg.typed == b.field.value() {
		b.reading = msg.reading
	}
}

func (b *dialBox) clear() {
	b.field.set("")
	b.open, b.reading, b.matches, b.match = false, phone.NumberReading{}, nil, -1
}

// nextMatch goes to the next person whom the text fits.
func (b *dialBox) nextMatch() tea.Cmd {
	if len(b.matches) > 0 {
		b.match = (b.match + 1) % len(b.matches)
	}
	return nil
}

// dial calls the chosen match, or what was typed.
func (b *dialBox) dial() tea.Cmd {
	if b.match >= 0 {
		return b.desk.dialParty("", b.desk.book.people[b.matches[b.match]].Party)
	}
	b.reading = b.desk.phone.ReadNumber(b.field.value()) // the one on screen may be of what stood there before
	switch {
	case b.reading.Refused != "":
		b.desk.complain(b.reading.Refused)
		return nil
	case b.reading.E164 != "":
		return b.desk.dialParty("", phone.Party{Number: b.reading.E164})
	case len(b.matches) > 0:
		return b.desk.dialParty("", b.desk.book.people[b.matches[0]].Party)
	}
	return b.desk.dial(b.desk.from, b.field.value())
}

// explain says how the text is read, and what is to be known about that.
func (b *dialBox) explain() (reading, detail string, look role) {
	r := b.reading
	switch {
	case r.Refused != "":
		return "", r.Refused, bad
	case r.E164 == "" && len(b.matches) > 0:
		return "", "", subtle
	case r.E164 == "":
		return "", "not a whole number yet", subtle
	case !r.Valid:
		return "reads as " + r.Pretty, strings.TrimPrefix(regionName(r.Region)+", an unusual number", ", "), fair
	}
	return "reads as " + r.Pretty, regionName(r.Region) + kindWord(r.Kind) + b.clock(), good
}

func kindWord(kind string) string {
	if kind == "" {
		return ""
	}
	return ", " + kind
}

func (b *dialBox) clock() string {
	if clock := b.desk.clockThere(b.reading.E164); clock != "" {
		return ", " + clock
	}
	return ""
}

// draw is two rows: the text and how it is read, then whom it fits.
func (b *dialBox) draw(a area) {
	x := a.put(1, 0, subtle, "To: ")
	if !b.open {
		a.put(x, 0, subtle, "type a number to dial, "+b.desk.keys.key(Search)+" searches")
		if home := regionName(b.desk.cfg.Region); home != "" {
			a.right(0, subtle, home+" is home ")
		}
		return
	}
	reading, detail, look := b.explain()
	room := a.w - x - cells(reading) - 3
	if reading != "" && room < cells(b.field.value())+1 {
		reading, detail, room = "", reading, a.w-x-1
	}
	b.field.draw(a, x, 0, room)
	a.right(0, look, reading+" ")
	if look == good {
		look = subtle
	}
	detail = cut(detail, a.w-2, a.c.ascii)
	end := a.right(1, look, detail+" ")
	b.drawMatches(a.at(0, 0, end-1, a.h), x)
}

func (b *dialBox) drawMatches(a area, x int) {
	for i, index := range b.matches {
		p := &b.desk.book.people[index]
		words := b.desk.who(p.Party) + "  " + b.desk.number(p.Party)
		if x+cells(words) > a.w && (i > 0 || a.w-x < 12) {
			return
		}
		look := subtle
		if i == b.match {
			look = chosen
		}
		x = a.fit(x, 1, min(cells(words), a.w-x), look, words) + 3
	}
	if len(b.matches) == 0 && b.reading.E164 != "" && a.w-x > 24 {
		a.fit(x, 1, max(a.w-x-1, 0), subtle, "nobody in your contacts")
	}
}
