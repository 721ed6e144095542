package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// logPage is the whole call log with search, and for the call in front
// everything that is known of it, with the rule that decided and why.
type logPage struct {
	plainScreen
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

func (l *logPage) Name() string   { return "call log" }
func (l *logPage) Typing() bool   { return l.finding }
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

func (l *logPage) Actions() []Action {
	if l.finding {
		return []Action{Choose, Up, Down, Back}
	}
	offered := []Action{Call, Search, Back, CopyNumber, WriteNote, EditName, Favourite, Block, Forget}
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
	if l.list.at >= len(l.entries) {
		return nil
	}
	e := l.entries[l.list.at]
	if a == Call {
		return l.dialParty(e.Line, e.Party)
	}
	return l.aboutPerson(a, e.Party)
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

func (l *logPage) Draw(a area) {
	body, detail := a, area{}
	if a.h >= 18 {
		body, detail = a.bottom(min(13, a.h/2))
	}
	inside := body.frame("call log", line, title)
	if l.finding || l.search.value() != "" {
		x := body.put(14, 0, brand, " "+l.keys.key(Search)+" ")
		l.search.draw(body, x, 0, max(body.w-x-4, 8))
	}
	l.drawEntries(inside.inset(1, 0))
	if detail.h > 0 {
		l.drawDetail(detail.frame("this call", line, title))
	}
}

func (l *logPage) drawEntries(a area) {
	if len(l.entries) == 0 {
		words := "no calls yet"
		if l.search.value() != "" {
			words = "no call fits"
		}
		a.centre(a.h/2, subtle, words)
		return
	}
	from, to := l.list.window(len(l.entries), a.h)
	for i := from; i < to; i++ {
		l.drawEntry(a, i-from, i)
	}
}

func (l *logPage) drawEntry(a area, y, i int) {
	e := l.entries[i]
	name, rest := text, subtle
	word, look := outcomeWord(e.Call)
	if i == l.list.at {
		a.at(0, y, a.w, 1).fill(chosenDim)
		a.put(0, y, chosen, "▸")
		name, rest, look = chosen, chosenDim, chosenDim
	}
	a.press(0, y, a.w, Call, i)
	x := a.put(2, y, rest, e.Started.In(l.now.Location()).Format("2 Jan 15:04"))
	x = a.fit(max(x, 14)+1, y, 9, look, word) + 1
	x = a.fit(x, y, min(22, a.w/3), name, l.who(e.Party)) + 2
	if a.w >= 96 {
		x = a.fit(x, y, 20, rest, l.numberIfNamed(e.Party)) + 2
	}
	took := ""
	if d := e.Duration(l.now); d > 0 {
		took = timer(d)
	}
	end := a.right(y, rest, fmt.Sprintf("%7s ", took))
	if room := end - x - 1; room > 8 {
		a.fit(x, y, room, rest, outcomeDetail(e.Call))
	}
}

// drawDetail is all there is to say about the call in front.
func (l *logPage) drawDetail(a area) {
	if l.list.at >= len(l.entries) {
		return
	}
	e := l.entries[l.list.at]
	a.fit(1, 0, a.w/2, strong, l.who(e.Party)+"  "+l.numberIfElse(e.Party))
	a.right(0, subtle, e.Line+"  "+e.ID+" ")
	way := map[phone.Direction]string{phone.Inbound: "They called", phone.Outbound: "You called"}[e.Direction]
	a.fit(1, 1, a.w-2, text, way+" "+e.Started.In(l.now.Location()).Format("Monday 2 January 2006 15:04:05")+".  "+e.Cause.Sentence())
	y := 2
	for _, words := range l.detailWords(e) {
		if y < a.h {
			a.fit(1, y, a.w-2, text, words)
			y++
		}
	}
	if len(e.Trace) == 0 || y >= a.h {
		return
	}
	a.fit(1, y, a.w-2, title, "why it was treated so: "+string(e.Action)+" by "+ruleName(e.Rule))
	for i, step := range e.Trace {
		a.fit(3, y+1+i, a.w-4, subtle, phone.CleanLine(step, 200))
	}
}

func ruleName(rule string) string {
	if rule == "" {
		return "the default"
	}
	return phone.CleanLine(rule, 40)
}

func (l *logPage) detailWords(e phone.LogEntry) (words []string) {
	if q := e.Quality; q.MOS > 0 {
		words = append(words, fmt.Sprintf("quality %s (%.1f of 5), loss %.1f%%, jitter %.0f ms, %s", q.Word(), q.MOS, q.Loss*100, milliseconds(q.Jitter), phone.CleanLine(q.Codec, 30)))
	}
	if e.Recording != "" {
		words = append(words, "recorded to "+phone.CleanLine(e.Recording, 120))
	}
	if e.Note != "" {
		words = append(words, "note: "+phone.CleanLine(e.Note, 200))
	}
	if e.Detail != "" {
		words = append(words, "the network said: "+phone.CleanLine(e.Detail, 120))
	}
	return words
}

// numberIfElse is the number and its country, unless the number is the name.
func (d *desk) numberIfElse(p phone.Party) string {
	if d.named(p) {
		return d.number(p) + "   " + d.place(p)
	}
	return d.place(p)
}
