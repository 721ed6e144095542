package ui

import tea "charm.land/bubbletea/v2"

// prompt asks for one line of text: a note, a name, a number, a file.
type prompt struct {
	plainScreen
	*desk
	question string
	verb     string // what enter does with the text, as in "enter save"
	field    field
	done     func(text string) tea.Cmd
}

// promptLimit is how long a typed line may be.
const promptLimit = 400

func newPrompt(d *desk, question, verb, hint, start string, done func(string) tea.Cmd) *prompt {
	p := &prompt{desk: d, question: question, verb: verb, field: newField(hint, promptLimit), done: done}
	p.field.set(start)
	return p
}

func (p *prompt) Name() string      { return "question" }
func (p *prompt) Actions() []Action { return []Action{Send, Back} }
func (p *prompt) Typing() bool      { return true }

func (p *prompt) Do(a Action, _ int) tea.Cmd {
	p.close(p)
	if a == Send {
		return p.done(p.field.value())
	}
	return nil
}

func (p *prompt) Type(msg tea.Msg) tea.Cmd {
	p.field.update(msg)
	return nil
}

func (p *prompt) Draw(a area) {
	box := a.middle(min(64, a.w), 5).frame(p.question, ring, title)
	p.field.draw(box, 2, 1, box.w-4)
	box.right(2, subtle, p.keys.key(Send)+" "+p.verb+"   "+p.keys.key(Back)+" go back ")
}
