package ui

import (
	"unicode"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// home is the screen between calls: recents, contacts, and the box that dials.
// On a wide terminal both lists stand side by side and tab moves between them.
type home struct {
	plainScreen
	*desk
	tab     tab
	turned  bool // somebody chose the tab
	recent  list
	calls   []recentCall // the rows of recents
	spoken  list
	words   []recentCall // the rows of voicemail
	people  list
	found   []int // people that the search fits
	search  field
	finding bool // the search has the keys
	box     dialBox
}

func newHome(d *desk) *home {
	return &home{desk: d, search: newField("names, numbers, notes", 80), box: newDialBox(d)}
}

func (h *home) Name() string { return "" }

func (h *home) Typing() bool { return h.finding || h.box.open }

func (h *home) Actions() []Action {
	switch {
	case h.box.open:
		return append([]Action{Call, Next, Back}, h.lineActions()...)
	case h.finding:
		return []Action{Call, Up, Down, PageUp, PageDown, Back}
	}
	var offered []Action
	_, somebody := h.chosen()
	if somebody {
		offered = append(offered, Call)
	}
	offered = append(offered, Search, Next, Previous)
	if h.search.value() != "" {
		offered = append(offered, Back)
	}
	if len(h.recents) > 0 {
		offered = append(offered, Redial)
	}
	if e, isCall := h.entry(); isCall && e.Recording != "" {
		offered = append(offered, PlayRecording)
	}
	if somebody {
		offered = append(offered, CopyNumber, WriteNote, EditName, Favourite, Block, Forget, CallBack)
	}
	return append(append(offered, h.lineActions()...), listActions...)
}

// lineActions are those of somebody who has several lines.
func (h *home) lineActions() []Action {
	if len(h.lines) > 1 {
		return []Action{OtherLine}
	}
	return nil
}

func (h *home) Do(a Action, row int) tea.Cmd {
	switch a {
	case Search:
		h.finding, h.turned = true, true
		if h.tab.ofCalls() {
			h.tab = contactsTab
		}
	case Next, Previous:
		return h.next(a)
	case Back:
		h.back()
	case Call, CallBack:
		return h.call(row)
	case Redial:
		return h.redial()
	case OtherLine:
		return h.otherLine()
	case PlayRecording:
		e, _ := h.entry()
		return h.playRecording(e.Call)
	default:
		if h.list().move(a, h.count()) {
			return h.seen()
		}
		return h.doParty(a)
	}
	return nil
}

// next goes to the next tab, or while dialling to the next match.
func (h *home) next(a Action) tea.Cmd {
	if h.box.open {
		return h.box.nextMatch()
	}
	h.turned = true
	step := tab(1)
	if a == Previous {
		step = tabCount - 1
	}
	h.tab = (h.tab + step) % tabCount
	h.refresh()
	return nil
}

// back leaves what is being typed: first the text, then the field.
func (h *home) back() {
	switch {
	case h.box.open:
		h.box.clear()
	default:
		h.finding = false
		h.search.set("")
		h.refresh()
	}
}

// call dials what the box reads, or whom the row in front shows. The mouse
// brings a row to the front first.
func (h *home) call(row int) tea.Cmd {
	if h.box.open {
		return h.box.dial()
	}
	if row >= 0 && row != h.list().at {
		h.list().at = row
		h.list().clamp(h.count())
		return nil
	}
	p, ok := h.chosen()
	if !ok {
		return nil
	}
	h.finding = false
	return h.dialParty("", p)
}

// doParty does an action about the person in front.
func (h *home) doParty(a Action) tea.Cmd {
	p, ok := h.chosen()
	if !ok {
		return nil
	}
	return h.aboutPerson(a, p)
}

// Type takes digits from anywhere into the dial box, and text into the field
// that is open.
func (h *home) Type(msg tea.Msg) tea.Cmd {
	if h.finding {
		if h.search.update(msg) {
			h.people = list{}
			h.refresh()
		}
		return nil
	}
	if !h.box.open && !dials(msg) {
		return nil
	}
	return h.box.typed(msg)
}

// dials reports whether a key or paste starts a number.
func dials(msg tea.Msg) bool {
	s := ""
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		s = msg.Text
	case tea.PasteMsg:
		s = phone.CleanLine(msg.Content, promptLimit)
	}
	for _, r := range s {
		return unicode.IsDigit(r) || r == '+' || r == '#' || r == '*' || len(s) > 1
	}
	return false
}

func (h *home) Hear(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case contactsRead, recentsRead, numbersReady:
		h.calls, h.words = stacked(h.recents, h.now), unstacked(h.machine)
		h.begin()
		h.refresh()
		h.box.refresh()
	case dialled:
		h.box.clear()
	case numberRead:
		h.box.read(msg)
	}
	return nil
}

// begin shows the contacts to somebody who has no calls yet, unless they have
// chosen a list themselves.
func (h *home) begin() {
	if !h.turned && len(h.recents) == 0 && len(h.book.people) > 0 {
		h.tab = contactsTab
	} else if !h.turned {
		h.tab = recentsTab
	}
}

// seen clears the missed calls once somebody moves in the list of recents.
func (h *home) seen() tea.Cmd {
	if h.tab != recentsTab || h.missed == 0 {
		return nil
	}
	h.missed = 0
	return h.ask("clear the missed calls", h.phone.MarkSeen)
}
