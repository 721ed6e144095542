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
	for _, o := range r.footerOffers() {
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

// footerOffers are the offers that the footer names: what changes a person's
// entry comes after the ways to everything else.
func (r *root) footerOffers() (first []offer) {
	var last []offer
	for _, o := range r.offers() {
		switch {
		case quiet(o.act):
		case seldom(o.act) && r.base != r.pages.talk:
			last = append(last, o)
		default:
			first = append(first, o)
		}
	}
	return append(first, last...)
}

// seldom are actions of the lists that the person in front does not need to
// call or to look around.
func seldom(a Action) bool {
	switch a {
	case CallBack, Redial, CopyNumber, WriteNote, EditName, Favourite, Block, Forget, SilenceCaller:
		return true
	}
	return false
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
	asked, typing := r.front().(*prompt)
	switch {
	case a == Send && typing:
		return asked.verb
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
