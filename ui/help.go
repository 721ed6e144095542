package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// help shows the live key map: what every key does, and brighter what it does
// right now. It is laid out in columns like a newspaper, and turned by pages.
type help struct {
	plainScreen
	*desk
	now    map[Action]bool // on offer when the help was opened
	groups []helpGroup
	page   int
	total  int // how many there were when it was drawn
}

// helpGroup is a heading and its rows.
type helpGroup struct {
	heading string
	rows    []helpRow
}

// helpRow is a key or a sign, and what it means.
type helpRow struct {
	key, words string
	keyLook    role
	look       role
}

func newHelp(r *root) *help {
	h := &help{desk: r.desk, now: map[Action]bool{}}
	for _, o := range r.offers() {
		h.now[o.act] = true
	}
	for _, g := range helpOrder(r) {
		h.groups = append(h.groups, h.group(g))
	}
	h.groups = append(h.groups, helpSigns())
	return h
}

// helpOrder is the parts of the program, the one where the person is first.
func helpOrder(r *root) []group {
	switch {
	case r.base == r.pages.linking:
		return []group{whenLinking, anyScreen}
	case r.busy():
		return []group{inCall, anyScreen, whenRinging, inLists, inSettings}
	}
	return []group{anyScreen, whenRinging, inCall, inLists, inSettings}
}

// group is the keys of one part of the program.
func (h *help) group(g group) helpGroup {
	made := helpGroup{heading: groupNames[g]}
	for act := Action(1); act < actionCount; act++ {
		if actions[act].group != g || len(h.keys[act]) == 0 {
			continue
		}
		row := helpRow{h.keys.all(act), actions[act].help, subtle, subtle}
		if h.now[act] {
			row.keyLook, row.look = brand, text
		}
		made.rows = append(made.rows, row)
	}
	return made
}

func (h *help) Name() string      { return "keys" }
func (h *help) Actions() []Action { return []Action{Back, Help, PageUp, PageDown, Up, Down} }

func (h *help) Do(a Action, _ int) tea.Cmd {
	switch a {
	case Up, PageUp:
		h.page--
	case Down, PageDown:
		h.page++
	default:
		h.close(h)
	}
	h.page = max(min(h.page, h.total-1), 0)
	return nil
}

// helpSigns are words and marks on the screens that want an explanation.
func helpSigns() helpGroup {
	made := helpGroup{heading: "signs on the screen"}
	for _, s := range [][2]string{
		{"MIC ON", "they hear you"},
		{"MUTED", "they do not hear you"},
		{"REC", "being recorded"},
		{"ON HOLD", "they hear a tone"},
		{"elsewhere", "taken on your phone"},
		{"by rule", "a rule declined it"},
		{"~Name", "a name of their choice"},
		{"R", "recorded"},
	} {
		made.rows = append(made.rows, helpRow{s[0], s[1], strong, subtle})
	}
	return made
}

// The cells of a column of the help, and of its keys: the words of every action
// fit into the rest.
const (
	helpColumn = 38
	helpKeys   = 13
	helpWords  = helpColumn - helpKeys - 3
)

// Draw lays the groups out in columns.
func (h *help) Draw(a area) {
	box := a.frame("keys", ring, title)
	columns := max(box.w/helpColumn, 1)
	places := newspaper(h.groups, columns, max(box.h, 2))
	h.total = places[len(places)-1].page + 1
	page := min(h.page, h.total-1)
	width := box.w / columns
	for _, p := range places {
		if p.page == page {
			h.drawRow(box.at(1+p.column*width, p.row, width-2, 1), p)
		}
	}
	h.drawFoot(a, page)
}

// drawFoot says how to turn pages, where no notice covers it.
func (h *help) drawFoot(a area, page int) {
	if h.total > 1 {
		words := fmt.Sprintf(" page %d of %d, %s turns ", page+1, h.total, h.keys.key(PageDown))
		a.put(max(a.w-cells(words)-2, 8), 0, brand, cut(words, a.w-9, a.c.ascii))
		return
	}
	a.put(2, a.h-1, subtle, cut(" bright: works now   other keys: [keys] in config.toml ", a.w-4, a.c.ascii))
}

func (h *help) drawRow(a area, p place) {
	g := h.groups[p.group]
	if p.entry < 0 {
		a.fit(0, 0, a.w, title, g.heading)
		return
	}
	row := g.rows[p.entry]
	a.fit(1, 0, helpKeys-1, row.keyLook, row.key)
	a.fit(helpKeys+1, 0, a.w-helpKeys-1, row.look, row.words)
}

// place is where a row of a group stands; entry -1 is its heading.
type place struct{ page, column, row, group, entry int }

// newspaper lays groups out in columns of so many rows. A group begins a new
// column when it fits there but not below the one before it.
func newspaper(groups []helpGroup, columns, rows int) (places []place) {
	column, y := 0, 0
	put := func(group, entry int) {
		if y == rows {
			column, y = column+1, 0
		}
		places = append(places, place{column / columns, column % columns, y, group, entry})
		y++
	}
	for g, group := range groups {
		height := 1 + len(group.rows)
		if y > 0 && y < rows {
			y++
		}
		if y > 0 && y+height > rows && (height <= rows || y+3 > rows) {
			column, y = column+1, 0
		}
		put(g, -1)
		for i := range group.rows {
			if y == rows {
				put(g, -1)
			}
			put(g, i)
		}
	}
	return places
}
