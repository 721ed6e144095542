package ui

// list is a place in a list of rows and the part of it that is shown.
type list struct {
	at    int // the row in front
	first int // the first row shown
	shown int // how many rows fitted when it was drawn last
}

// listActions are how one moves in a list.
var listActions = []Action{Up, Down, PageUp, PageDown, Top, Bottom}

// move does one of listActions in a list of n rows and reports whether a was one.
func (l *list) move(a Action, n int) bool {
	switch a {
	case Up:
		l.at--
	case Down:
		l.at++
	case PageUp:
		l.at -= max(l.shown-1, 1)
	case PageDown:
		l.at += max(l.shown-1, 1)
	case Top:
		l.at = 0
	case Bottom:
		l.at = n - 1
	default:
		return false
	}
	l.clamp(n)
	return true
}

func (l *list) clamp(n int) { l.at = max(min(l.at, n-1), 0) }

// window is the rows to draw of n in h rows, with the one in front among them.
func (l *list) window(n, h int) (from, to int) {
	l.clamp(n)
	l.shown = h
	l.first = max(min(l.first, l.at, n-h), 0)
	if l.at >= l.first+h {
		l.first = l.at - h + 1
	}
	return l.first, min(l.first+h, n)
}
