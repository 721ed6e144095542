package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// numbers remembers how the phone reads numbers. Reading one takes
// microseconds once the numbering plans are loaded; a command loads them, until
// then numbers are shown as they are stored.
type numbers struct {
	ready bool
	known map[string]phone.NumberReading
}

// loadNumbers makes the phone read a first number, outside of Update.
func (d *desk) loadNumbers() tea.Cmd {
	read := d.phone.ReadNumber
	return func() tea.Msg {
		read("+442079460958")
		return numbersReady{}
	}
}

// reading is how the phone reads a stored number.
func (d *desk) reading(number string) phone.NumberReading {
	if !d.numbers.ready || number == "" {
		return phone.NumberReading{Pretty: number}
	}
	r, ok := d.numbers.known[number]
	if !ok {
		r = d.phone.ReadNumber(number)
		d.numbers.known[number] = r
	}
	return r
}

// number is a party's number as people of its region write it.
func (d *desk) number(p phone.Party) string {
	if p.Number == "" {
		return "number hidden"
	}
	if pretty := d.reading(p.Number).Pretty; pretty != "" {
		return pretty
	}
	return p.Number
}

// numberOf is a number of our own, "" while it is not known.
func (d *desk) numberOf(own phone.Party) string {
	if own.Number == "" {
		return ""
	}
	return d.number(own)
}

// who is how a party is called on the screen: by name, else by number.
func (d *desk) who(p phone.Party) string {
	if contact, ok := d.book.find(p); ok && !p.Known() {
		p.Label, p.Name = contact.Label, contact.Name
	}
	if name := p.Display(); name != p.Number {
		return phone.CleanLine(name, 40)
	}
	return d.number(p)
}

// named reports whether who shows something else than the number.
func (d *desk) named(p phone.Party) bool { return d.who(p) != d.number(p) }

// numberIfNamed is the number unless who shows it already.
func (d *desk) numberIfNamed(p phone.Party) string {
	if d.named(p) {
		return d.number(p)
	}
	return ""
}

// place is the country of a number.
func (d *desk) place(p phone.Party) string { return regionName(d.reading(p.Number).Region) }

// theirTime is the time of day where a number is, if the number tells.
func (d *desk) theirTime(number string) (time.Time, bool) {
	local := d.reading(number).LocalTime
	if local.IsZero() {
		return time.Time{}, false
	}
	return d.now.In(local.Location()), true
}

// clockThere writes their time for people, empty when it is not known or the
// same as ours.
func (d *desk) clockThere(number string) string {
	there, ok := d.theirTime(number)
	if !ok {
		return ""
	}
	return "their time " + there.Format("15:04 Mon")
}

// numberIfElse is the number and its country, unless the number is the name.
func (d *desk) numberIfElse(p phone.Party) string {
	if d.named(p) {
		return d.number(p) + "   " + d.place(p)
	}
	return d.place(p)
}
