package ui

import "tring/phone"

// refresh searches again; ten thousand contacts take a few milliseconds.
func (h *home) refresh() {
	h.found = h.book.search(h.search.value())
	if h.tab == favouritesTab {
		h.found = favouritesOf(&h.book, h.found)
	}
	h.people.clamp(len(h.found))
}

func favouritesOf(b *book, found []int) (favourites []int) {
	for _, i := range found {
		if b.people[i].Favourite {
			favourites = append(favourites, i)
		}
	}
	return favourites
}

func (h *home) list() *list {
	switch h.tab {
	case recentsTab:
		return &h.recent
	case voicemailTab:
		return &h.spoken
	}
	return &h.people
}

func (h *home) count() int {
	switch h.tab {
	case recentsTab:
		return len(h.calls)
	case voicemailTab:
		return len(h.words)
	}
	return len(h.found)
}

// entry is the call of the row in front, where calls are listed.
func (h *home) entry() (phone.LogEntry, bool) {
	rows := map[tab][]recentCall{recentsTab: h.calls, voicemailTab: h.words}[h.tab]
	if at := h.list().at; h.tab.ofCalls() && at < len(rows) {
		return rows[at].LogEntry, true
	}
	return phone.LogEntry{}, false
}

// chosen is the person of the row in front.
func (h *home) chosen() (phone.Party, bool) {
	if h.tab.ofCalls() {
		e, ok := h.entry()
		return e.Party, ok
	}
	if h.people.at < len(h.found) {
		return h.book.people[h.found[h.people.at]].Party, true
	}
	return phone.Party{}, false
}
