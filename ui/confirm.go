package ui

import tea "charm.land/bubbletea/v2"

// confirm asks a question before something that cannot be undone.
type confirm struct {
	plainScreen
	*desk
	question, detail, verb string
	yes                    func() tea.Cmd
}

func newConfirm(d *desk, question, detail, verb string, yes func() tea.Cmd) *confirm {
	return &confirm{desk: d, question: question, detail: detail, verb: verb, yes: yes}
}

func (c *confirm) Name() string      { return "question" }
func (c *confirm) Actions() []Action { return []Action{Yes, No, Back} }

func (c *confirm) Do(a Action, _ int) tea.Cmd {
	c.close(c)
	if a == Yes {
		return c.yes()
	}
	return nil
}

func (c *confirm) Draw(a area) {
	w := min(max(cells(c.question)+6, cells(c.detail)+6, 44), 66, a.w)
	rows := len(wrapped(c.question, w-6)) + len(wrapped(c.detail, w-6))
	box := a.middle(w, min(rows+5, a.h)).frame("", ring, title)
	words, keys := box.bottom(1)
	if box.h >= rows+3 {
		words, keys = box.at(0, 1, box.w, box.h-3), box.at(0, box.h-1, box.w, 1)
	}
	y := words.at(0, 0, words.w-1, words.h).wrap(2, 0, strong, c.question)
	words.at(0, 0, words.w-1, words.h).wrap(2, y, text, c.detail)
	x := keys.put(2, 0, brand, c.keys.key(Yes)) + 1
	keys.press(2, 0, cells(c.verb)+2, Yes, -1)
	x = keys.fit(x, 0, min(cells(c.verb), max(keys.w-x-12, 0)), text, c.verb) + 3
	keys.press(x, 0, 9, No, -1)
	x = keys.put(x, 0, brand, c.keys.key(No)) + 1
	keys.put(x, 0, text, "go back")
}
