package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// logPage is the whole call log with search, and for the call in front
// everything that is known of it, with the rule that decided and why.
type logPage struct {
	*desk
	entries []phone.LogEntry
	list    list
	search  field
	finding bool
	asked   int  // the search that the entries on the way answer
	more    bool // older entries exist
	loading bool
}

// logRead brings entries of the log.
type logRead struct {
	asked   int
	entries []phone.LogEntry
	older   bool // to be added at the end
	err     error
}

// logPageSize is how many entries are read at once.
const logPageSize = 200

func newLogPage(d *desk) *logPage {
	return &logPage{desk: d, search: newField("names, numbers, notes, rules", 80)}
}

func (l *logPage) Name() string { return "call log" }

func (l *logPage) Typing() bool { return l.finding }

func (l *logPage) Enter() tea.Cmd { return l.read("") }

// read asks for the entries that fit, or those older than one.
func (l *logPage) read(before string) tea.Cmd {
	if before == "" {
		l.asked++
	}
	l.loading = true
	asked, q := l.asked, phone.Query{Text: l.search.value(), Before: before, Limit: logPageSize}
	return func() tea.Msg {
		entries, err := l.phone.Log(l.ctx, q)
		return logRead{asked, entries, before != "", err}
	}
}

func (l *logPage) Hear(msg tea.Msg) tea.Cmd {
	if recents, news := msg.(recentsRead); news {
		l.renew(recents.entries)
	}
	got, ok := msg.(logRead)
	if !ok || got.asked != l.asked {
		return nil
	}
	l.loading = false
	if got.err != nil {
		l.complain(sentence("The call log could not be read", got.err))
		return nil
	}
	if !got.older {
		l.entries, l.list = nil, list{}
	}
	l.entries = append(l.entries, got.entries...)
	l.more = len(got.entries) == logPageSize
	return nil
}

// renew takes over what changed in entries that are shown: a note, a voicemail
// that has been heard.
func (l *logPage) renew(entries []phone.LogEntry) {
	for _, e := range entries {
		if at := slices.IndexFunc(l.entries, func(old phone.LogEntry) bool { return old.ID == e.ID }); at >= 0 {
			l.entries[at] = e
		}
	}
}

func (l *logPage) Actions() []Action {
	if l.finding {
		return []Action{Choose, Up, Down, Back}
	}
	e, some := l.entry()
	if !some {
		return []Action{Search, Back}
	}
	offered := []Action{Call, Search, Back}
	if e.Recording != "" {
		offered = append(offered, PlayRecording)
	}
	offered = append(offered, CopyNumber, WriteNote, EditName, Favourite, Block, Forget, SilenceCaller)
	return append(offered, listActions...)
}

func (l *logPage) Do(a Action, row int) tea.Cmd {
	switch a {
	case Search:
		l.finding = true
		return nil
	case Choose:
		l.finding = false
		return nil
	case Back:
		return l.goBack()
	}
	if l.list.move(a, len(l.entries)) {
		return l.readOn()
	}
	if row >= 0 {
		l.list.at = row
		return nil
	}
	e, ok := l.entry()
	switch {
	case !ok:
		return nil
	case a == Call:
		return l.dialParty(e.Line, e.Party)
	case a == PlayRecording:
		return l.playRecording(e.Call)
	}
	return l.aboutPerson(a, e.Party)
}

// entry is the call in front.
func (l *logPage) entry() (phone.LogEntry, bool) {
	if l.list.at < len(l.entries) {
		return l.entries[l.list.at], true
	}
	return phone.LogEntry{}, false
}

// goBack leaves the search, then the page.
func (l *logPage) goBack() tea.Cmd {
	if l.finding || l.search.value() != "" {
		l.finding = false
		l.search.set("")
		return l.read("")
	}
	if l.busy() {
		return l.show(l.pages.talk)
	}
	return l.goHome()
}

// readOn fetches older entries before the end of those known is reached.
func (l *logPage) readOn() tea.Cmd {
	if !l.more || l.loading || len(l.entries)-l.list.at > 50 {
		return nil
	}
	return l.read(l.entries[len(l.entries)-1].ID)
}

func (l *logPage) Type(msg tea.Msg) tea.Cmd {
	if l.finding && l.search.update(msg) {
		return l.read("")
	}
	return nil
}
