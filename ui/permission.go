package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// On a business line people must allow calls before they are called. The screen
// asks the network first, and offers to ask them; an error code never gets that
// far.

// permissionRead is what somebody says to being called on a line.
type permissionRead struct {
	line, who  string
	permission phone.Permission
	err        error
}

// lineToUse is the line that a call goes out on: the named one, else the first
// that is ready, as the phone chooses it.
func (d *desk) lineToUse(name string) phone.LineInfo {
	for _, l := range d.lines {
		if name != "" && l.Name == name || name == "" && l.Status == phone.LineReady {
			return l
		}
	}
	return phone.LineInfo{}
}

// readPermission asks the network whether somebody may be called.
func (d *desk) readPermission(line, who string) tea.Cmd {
	parent, read := d.ctx, d.phone.Permission
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, patience)
		defer cancel()
		permission, err := read(ctx, line, who)
		return permissionRead{line, who, permission, err}
	}
}

// permitted places the call, or says why not and what can be done.
func (d *desk) permitted(msg permissionRead) tea.Cmd {
	name := d.who(d.partyOf(msg.who))
	switch p := msg.permission.At(d.now); {
	case errors.Is(msg.err, phone.ErrUnsupported):
		return d.callNow(msg.line, msg.who)
	case msg.err != nil:
		d.complain(sentence("Could not ask whether "+name+" may be called", msg.err))
		return nil
	case p.State == phone.PermissionNone && p.NotAsked != "":
		d.complain(name + " has not allowed calls. " + p.NotAsked)
		return nil
	case p.State == phone.PermissionNone:
		return d.offerAsking(msg.line, msg.who, name)
	case p.Refused != "":
		d.complain(p.Refused)
		return nil
	}
	return d.callNow(msg.line, msg.who)
}

// partyOf is the person behind what was dialled, as far as the book knows.
func (d *desk) partyOf(who string) phone.Party {
	if i, ok := d.book.byKey[who]; ok {
		return d.book.people[i].Party
	}
	return phone.Party{Number: who}
}

// permissionText is what people are asked unless something else is typed.
const permissionText = "May we call you on WhatsApp?"

// offerAsking asks whether to ask, then for the words.
func (d *desk) offerAsking(line, who, name string) tea.Cmd {
	return d.open(newConfirm(d, name+" has not allowed calls.", "WhatsApp can ask them; it shows your words with a button. They may be called once they agree.", "ask them",
		func() tea.Cmd {
			return d.open(newPrompt(d, "What to ask "+name, "send", "your words", permissionText, func(words string) tea.Cmd {
				return d.askThem(line, who, name, words)
			}))
		}))
}

func (d *desk) askThem(line, who, name, words string) tea.Cmd {
	parent, ask := d.ctx, d.phone.AskPermission
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, patience)
		defer cancel()
		if err := ask(ctx, line, who, words); err != nil {
			return failed{"ask " + name, err}
		}
		return told{name + " was asked; call again once they agree."}
	}
}

// mediaWords say where the sound is decrypted, "" where nobody knows.
func mediaWords(end string) string {
	switch end = phone.CleanLine(end, 24); end {
	case "":
		return ""
	case "end to end", "their device":
		return "end-to-end encrypted"
	case "Meta", "at Meta":
		return "decrypted at Meta"
	}
	return "encrypted, " + end
}
