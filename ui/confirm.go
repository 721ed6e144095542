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
	w := min(max(cells(c.question), cells(c.detail), 40)+6, a.w)
	box := a.middle(w, 8).frame("", ring, title)
	y := box.wrap(2, 1, strong, c.question)
	y = box.wrap(2, y, text, c.detail) + 1
	x := box.put(2, y, brand, c.keys.key(Yes)) + 1
	box.press(2, y, cells(c.verb)+2, Yes, -1)
	x = box.put(x, y, text, c.verb) + 4
	box.press(x, y, 10, No, -1)
	x = box.put(x, y, brand, c.keys.key(No)) + 1
	box.put(x, y, text, "go back")
}
