package ui

import tea "charm.land/bubbletea/v2"

// help shows the live key map: what every key does, and brighter what it does
// right now.
type help struct {
	plainScreen
	*desk
	now   map[Action]bool // on offer when the help was opened
	first int             // the first row shown
	rows  int             // how many rows there were when it was drawn
}

func newHelp(r *root) *help {
	h := &help{desk: r.desk, now: map[Action]bool{}}
	for _, o := range r.offers() {
		h.now[o.act] = true
	}
	return h
}

func (h *help) Name() string      { return "keys" }
func (h *help) Actions() []Action { return []Action{Back, Help, Up, Down, PageUp, PageDown} }

func (h *help) Do(a Action, _ int) tea.Cmd {
	switch a {
	case Up:
		h.first--
	case Down:
		h.first++
	case PageUp:
		h.first -= 10
	case PageDown:
		h.first += 10
	default:
		h.close(h)
	}
	h.first = max(min(h.first, h.rows-1), 0)
	return nil
}

// helpSigns are words and marks on the screens that want an explanation.
var helpSigns = [][2]string{
	{"MIC ON", "they hear you"},
	{"MUTED", "they do not hear you"},
	{"REC", "being recorded"},
	{"ON HOLD", "they hear a tone, you nothing"},
	{"elsewhere", "taken on your phone"},
	{"by rule", "the gatekeeper declined it"},
	{"~Name", "a name they chose themselves"},
	{"R", "there is a recording"},
}

// Draw lays the groups out in columns.
func (h *help) Draw(a area) {
	box := a.frame("keys", ring, title)
	columns := max(box.w/38, 1)
	width := box.w / columns
	heights := make([]int, columns)
	for g := range groupCount + 1 {
		column := shortest(heights)
		part := box.at(1+column*width, 0, width-2, box.h)
		heights[column] = h.drawGroup(part, heights[column], g) + 1
	}
	h.rows = heights[0]
	for _, rows := range heights {
		h.rows = max(h.rows, rows)
	}
	if h.rows-h.first > box.h {
		a.put(a.w-16, 0, brand, " more: "+h.keys.key(Down)+" ")
	}
	a.put(2, a.h-1, subtle, " bright: works now   other keys: [keys] in config.toml ")
}

func shortest(heights []int) int {
	at := 0
	for i, h := range heights {
		if h < heights[at] {
			at = i
		}
	}
	return at
}

// drawGroup draws one group from row y on and returns the row after it.
func (h *help) drawGroup(a area, y int, g group) int {
	if g == groupCount {
		return h.drawSigns(a, y)
	}
	a.put(0, y-h.first, title, groupNames[g])
	y++
	for act := Action(1); act < actionCount; act++ {
		if actions[act].group != g || len(h.keys[act]) == 0 {
			continue
		}
		key, look := subtle, subtle
		if h.now[act] {
			key, look = brand, text
		}
		a.fit(1, y-h.first, 12, key, h.keys.all(act))
		a.fit(14, y-h.first, a.w-14, look, actions[act].help)
		y++
	}
	return y
}

func (h *help) drawSigns(a area, y int) int {
	a.put(0, y-h.first, title, "signs on the screen")
	y++
	for _, s := range helpSigns {
		a.fit(1, y-h.first, 12, strong, s[0])
		a.fit(14, y-h.first, a.w-14, subtle, s[1])
		y++
	}
	return y
}
