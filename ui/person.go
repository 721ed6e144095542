package ui

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// dialParty calls somebody from a list.
func (d *desk) dialParty(line string, p phone.Party) tea.Cmd {
	who := p.Key()
	if line == "" {
		line = cmp.Or(d.from, d.lineFor(p))
	}
	if who == "" {
		d.complain("The caller hid the number; there is nobody to call back.")
		return nil
	}
	return d.dial(line, who)
}

// lineFor is the line that knows somebody and works, "" to leave it to the phone.
func (d *desk) lineFor(p phone.Party) string {
	if len(d.lines) < 2 {
		return ""
	}
	for _, name := range d.contact(p).Lines {
		if d.line(name).Status == phone.LineReady {
			return name
		}
	}
	return ""
}

// otherLine goes through the lines that calls can go out on; after the last one
// the phone chooses again.
func (d *desk) otherLine() tea.Cmd {
	names := []string{""}
	for _, l := range d.lines {
		names = append(names, l.Name)
	}
	d.from = names[(slices.Index(names, d.from)+1)%len(names)]
	if d.from == "" {
		d.tell("Calls go out on the line that knows them, else on the first.")
		return nil
	}
	d.tell("Calls go out on " + d.from + " until you change it.")
	return nil
}

// aboutPerson does an action that concerns a person rather than a call.
func (d *desk) aboutPerson(a Action, p phone.Party) tea.Cmd {
	c := d.contact(p)
	switch a {
	case CopyNumber:
		return d.copyNumber(p)
	case WriteNote:
		return d.open(newPrompt(d, "Note about "+d.who(p), "save", "only on this computer", c.Note, func(s string) tea.Cmd {
			c.Note = phone.CleanLine(s, promptLimit)
			return d.edit(c)
		}))
	case EditName:
		return d.open(newPrompt(d, "Your name for "+d.who(p), "save", "empty: the name from the phone", c.Label, func(s string) tea.Cmd {
			c.Label = phone.CleanLine(s, 60)
			return d.edit(c)
		}))
	case Favourite:
		c.Favourite = !c.Favourite
		return d.edit(c)
	case Block:
		return d.open(newConfirm(d, "Block "+d.who(p)+"?", "They can neither call nor write to this account any more.", "block",
			func() tea.Cmd { return d.block(p) }))
	case SilenceCaller:
		return d.silenceCaller(p)
	case Forget:
		return d.open(newConfirm(d, "Forget "+d.who(p)+"?", "Their calls leave the log, and your own name and note for them go.", "forget",
			func() tea.Cmd { return d.forget(p) }))
	}
	return nil
}

// contact is what we know of a party, to be changed and stored.
func (d *desk) contact(p phone.Party) phone.Contact {
	if known, ok := d.book.find(p); ok {
		return known.Contact
	}
	return phone.Contact{Party: p}
}

func (d *desk) block(p phone.Party) tea.Cmd {
	line := ""
	if c, ok := d.book.find(p); ok && len(c.Lines) > 0 {
		line = c.Lines[0]
	}
	return d.ask("block them", func(ctx context.Context) error { return d.phone.Block(ctx, line, p.Key(), true) })
}

func (d *desk) forget(p phone.Party) tea.Cmd {
	return func() tea.Msg {
		n, err := d.phone.Forget(d.ctx, p.Key())
		if err != nil {
			return failed{"forget them", err}
		}
		return told{"Forgotten, with " + plural(n, "call") + "."}
	}
}
