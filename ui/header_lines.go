package ui

import (
	"cmp"
	"strings"

	"tring/phone"
)

// What lineHeader leaves free for the clock and what stands before it: all that
// it says ends before headerEnd cells, but for the first word, which begins
// before lineStart cells or not at all.
const headerEnd, lineStart = 24, 30

// lineHeader names the lines and how they are, as fully as there is room.
func (r *root) lineHeader(a area, x int) int {
	if r.cfg.Demo {
		x = a.put(x, 0, barWarn, "demo") + 2
	}
	room := a.w - headerEnd - x
	words := r.linesInFull()
	for _, shorter := range []func() []headerWord{r.linesByName, r.linesInShort} {
		if len(r.lines) > 1 && wordsWidth(words) > room {
			words = shorter()
		}
	}
	for i, w := range words {
		width := cells(w.text)
		if i > 0 {
			width = min(width, a.w-headerEnd-x)
		} else if x > a.w-lineStart {
			break
		}
		if width >= min(cells(w.text), 4) {
			x = a.fit(x, 0, width, w.look, w.text) + 2
		}
	}
	return x
}

// headerWord is a piece of the header; two cells part it from the next.
type headerWord struct {
	text string
	look role
}

func wordsWidth(words []headerWord) (width int) {
	for _, w := range words {
		width += cells(w.text) + 2
	}
	return width
}

// linesInFull are the lines with our own numbers: a single line has no need of
// its name, several are told apart by the names that commands know.
func (r *root) linesInFull() (words []headerWord) {
	if len(r.lines) == 1 {
		l := r.lines[0]
		status, _ := statusWord(l.Status)
		return []headerWord{lineWord(l, status), {r.ownName(l), bar}}
	}
	for _, l := range r.lines {
		words = append(words, namedLine(l))
		if number := r.numberOf(l.Own); l.Status == phone.LineReady && number != "" {
			words = append(words, headerWord{number, bar})
		}
	}
	return words
}

func (r *root) linesByName() (words []headerWord) {
	for _, l := range r.lines {
		words = append(words, namedLine(l))
	}
	return words
}

// linesInShort is the first line that does not work, or how many do.
func (r *root) linesInShort() []headerWord {
	for _, l := range r.lines {
		if l.Status != phone.LineReady {
			return []headerWord{namedLine(l)}
		}
	}
	return []headerWord{{"● " + plural(len(r.lines), "line"), barOK}}
}

// namedLine is a line by its name, and how it is unless it works.
func namedLine(l phone.LineInfo) headerWord {
	words := phone.CleanLine(l.Name, 20)
	if status, _ := statusWord(l.Status); l.Status != phone.LineReady {
		words += " " + status
	}
	return lineWord(l, words)
}

// lineWord marks what is said of a line with how the line is.
func lineWord(l phone.LineInfo, words string) headerWord {
	if l.Status != phone.LineReady {
		return headerWord{"○ " + words, barWarn}
	}
	return headerWord{"● " + words, barOK}
}

// ownName is our own name and number on a line.
func (d *desk) ownName(l phone.LineInfo) string {
	name := strings.TrimSpace(phone.CleanLine(cmp.Or(l.Own.PushName, l.Own.Business), 20) + "  " + d.numberOf(l.Own))
	if l.Status == phone.LineUnlinked {
		return l.Name
	}
	return name
}
