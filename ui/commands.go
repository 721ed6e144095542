package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"
)

// commands lists everything that can be done now, found by typing.
type commands struct {
	plainScreen
	*desk
	offered []Action
	found   []Action
	field   field
	list    list
	run     func(Action) tea.Cmd
}

func newCommands(r *root) *commands {
	target := r.front()
	c := &commands{desk: r.desk, field: newField("what to do", 40)}
	for _, o := range r.offers() {
		if !slices.Contains(listActions, o.act) && o.act != Commands {
			c.offered = append(c.offered, o.act)
		}
	}
	c.run = func(a Action) tea.Cmd {
		if slices.Contains(target.Actions(), a) {
			return r.give(target, a, -1)
		}
		return r.do(a, -1)
	}
	c.find()
	return c
}

func (c *commands) Name() string      { return "commands" }
func (c *commands) Typing() bool      { return true }
func (c *commands) Actions() []Action { return append([]Action{Choose, Back}, listActions...) }

func (c *commands) Do(a Action, row int) tea.Cmd {
	if c.list.move(a, len(c.found)) {
		return nil
	}
	if row >= 0 {
		c.list.at = row
	}
	c.close(c)
	if a == Choose && c.list.at < len(c.found) {
		return c.run(c.found[c.list.at])
	}
	return nil
}

func (c *commands) Type(msg tea.Msg) tea.Cmd {
	if c.field.update(msg) {
		c.list = list{}
		c.find()
	}
	return nil
}

// find keeps the actions whose words fit, the best first.
func (c *commands) find() {
	c.found = c.offered
	if c.field.value() == "" {
		return
	}
	c.found = nil
	for _, m := range fuzzy.FindFrom(fold(c.field.value()), actionWords(c.offered)) {
		c.found = append(c.found, c.offered[m.Index])
	}
}

// actionWords is the source of fuzzy: what actions do.
type actionWords []Action

func (w actionWords) String(i int) string { return actions[w[i]].help }
func (w actionWords) Len() int            { return len(w) }

func (c *commands) Draw(a area) {
	box := a.middle(min(60, a.w), min(18, a.h)).frame("commands", ring, title)
	c.field.draw(box, 2, 0, box.w-4)
	box.rule(1, line)
	rows := box.at(0, 2, box.w, box.h-2)
	from, to := c.list.window(len(c.found), rows.h)
	for i := from; i < to; i++ {
		look, key := text, brand
		if i == c.list.at {
			look, key = chosen, chosen
			rows.at(0, i-from, rows.w, 1).fill(chosen)
		}
		rows.fit(2, i-from, rows.w-16, look, actions[c.found[i]].help)
		rows.right(i-from, key, c.keys.key(c.found[i])+"  ")
		rows.press(0, i-from, rows.w, Choose, i)
	}
	if len(c.found) == 0 {
		rows.centre(1, subtle, "nothing like that can be done now")
	}
}
