package ui

// footer shows the keys that do something now, as many as fit.
func (r *root) footer(a area) {
	x, end := 1, a.w
	if r.offering(Help) {
		key := r.keys.keyFor(Help, !r.front().Typing())
		end = a.w - cells(key) - 6
		a.put(end, 0, brand, key)
		a.put(end+cells(key)+1, 0, subtle, "help")
	}
	for _, o := range r.offers() {
		if quiet(o.act) {
			continue
		}
		word := r.word(o.act)
		width := cells(o.key) + 1 + cells(word)
		if x+width > end-2 {
			break
		}
		a.press(x, 0, width, o.act, -1)
		x = a.put(x, 0, brand, o.key) + 1
		x = a.put(x, 0, subtle, word) + 2
	}
}

// quiet are actions that everybody finds without being told.
func quiet(a Action) bool {
	switch a {
	case Up, Down, PageUp, PageDown, Top, Bottom, Help, Commands, Interrupt, Suspend, Redraw, Previous, Less, More:
		return true
	}
	return false
}

// word is an action's footer word, which may depend on what it would do now.
func (r *root) word(a Action) string {
	c, ok := r.focus()
	switch {
	case a == PlayRecording && r.playing != nil:
		return "stop playing"
	case a == Mute && ok && c.Muted:
		return "unmute"
	case a == Hold && ok && c.Held:
		return "resume"
	case a == Record && ok && c.OnRecord:
		return "stop rec"
	}
	return actions[a].short
}

// drawNotice shows the notice on the last row of the body.
func (r *root) drawNotice(a area) {
	if r.notice.text == "" || a.h < 1 {
		return
	}
	_, row := a.bottom(1)
	row.fill(bar)
	row.fit(1, 0, row.w-2, r.notice.role, r.notice.text)
}
