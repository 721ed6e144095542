package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// nextCluster takes the next thing that occupies cells off s: its text, its
// width, and the bytes it used. Controls and invisible characters have width
// zero and are not drawn. A cluster that terminals measure differently (family
// emoji, variation selectors) is reduced to its first character, on which all
// agree: a stranger's name must not push a border out of line.
func nextCluster(s string) (cluster string, width, n int) {
	if b := s[0]; b < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		if b < ' ' || b == 0x7f {
			return "", 0, 1
		}
		return s[:1], 1, 1
	}
	first, size := utf8.DecodeRuneInString(s)
	if invisible(first) || first == utf8.RuneError {
		return "", 0, size
	}
	cluster, width = ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	n = len(cluster)
	if !utf8.ValidString(cluster) {
		cluster, n = s[:size], size
	}
	if strings.ContainsFunc(cluster, invisible) {
		cluster = strings.Map(visible, cluster)
	}
	if ansi.StringWidthWc(cluster) != width || width > 2 {
		cluster = s[:size]
		width = ansi.StringWidthWc(cluster)
	}
	return cluster, width, n
}

// invisible reports whether a character draws nothing or reorders what others
// draw: controls, bidirectional overrides, zero-width joiners.
func invisible(r rune) bool {
	return unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// visible keeps what is drawn.
func visible(r rune) rune {
	if invisible(r) {
		return -1
	}
	return r
}

// cells is the width of s as put draws it.
func cells(s string) int {
	total := 0
	for len(s) > 0 {
		_, width, n := nextCluster(s)
		total += width
		s = s[n:]
	}
	return total
}

// cut shortens s to width cells; an ellipsis stands for what is missing.
func cut(s string, width int, ascii bool) string {
	if cells(s) <= width {
		return s
	}
	if width <= 0 {
		return ""
	}
	used, end := 0, 0
	for end < len(s) {
		_, w, n := nextCluster(s[end:])
		if used+w > width-1 {
			break
		}
		used, end = used+w, end+n
	}
	if ascii {
		return s[:end] + "~"
	}
	return s[:end] + "…"
}

// cutPath shortens a path by its first folders, for paths differ at the end.
func cutPath(path string, width int, ascii bool) string {
	mark := "…"
	if ascii {
		mark = "~"
	}
	for rest := path; cells(path) > width; {
		_, after, more := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		if !more {
			break
		}
		if rest = "/" + after; cells(mark+rest) <= width {
			return mark + rest
		}
	}
	return cut(path, width, ascii)
}

// asciiGlyphs is what stands for our own line and block characters on a
// terminal without UTF-8.
var asciiGlyphs = map[string]string{
	"─": "-", "━": "#", "│": "|", "┃": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┄": ".",
	"▸": ">", "▶": ">", "●": "*", "○": "o", "★": "*", "✓": "+", "✗": "x", "…": "~", "·": "-", "—": "-", "–": "-",
	"▁": ".", "▂": ".", "▃": ":", "▄": ":", "▅": "|", "▆": "|", "▇": "#", "█": "#",
	"“": "\"", "”": "\"", "•": "*", "↙": "<", "↗": ">", "←": "<", "→": ">", "↑": "^", "↓": "v", "╸": "#", "▍": "|",
}

// chrome reports whether a cluster is a box or block character that only we draw.
func chrome(cluster string) bool {
	r, _ := utf8.DecodeRuneInString(cluster)
	return r >= 0x2500 && r <= 0x259f || r >= 0x1fb00 && r <= 0x1fbff
}
