package main

import (
	"slices"
	"strings"
)

// group is a text of terms with everyone who has it word by word.
type group struct {
	body string
	of   []string // module, or module and file
}

func (g *group) heading() string { return "### " + strings.Join(g.of, ", ") }

// same prints each text once, however many modules come with it.
func same(notices []notice) []*group {
	var groups []*group
	for _, n := range notices {
		for _, t := range n.texts {
			name := n.module.Path
			if len(n.texts) > 1 {
				name += " (" + t.path + ")"
			}
			i := slices.IndexFunc(groups, func(g *group) bool { return clean(g.body) == clean(t.body) })
			if i < 0 {
				groups = append(groups, &group{body: t.body, of: []string{name}})
				continue
			}
			groups[i].of = append(groups[i].of, name)
		}
	}
	return groups
}

// clean drops what differs between files without a meaning: line ends, spaces
// at the end of lines, empty lines around.
func clean(body string) string {
	lines := strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
