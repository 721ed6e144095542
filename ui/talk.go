package ui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// talk is the page of the call in focus, and for a while of the one that ended.
type talk struct {
	plainScreen
	*desk
	pad  bool   // the keypad is open
	sent string // digits sent with it
}

func newTalk(d *desk) *talk { return &talk{desk: d} }

func (t *talk) Name() string { return "call" }

func (t *talk) Enter() tea.Cmd {
	t.pad, t.sent = false, ""
	return nil
}

func (t *talk) Actions() []Action {
	c, ok := t.focus()
	if !ok {
		return t.afterwards()
	}
	if !c.State.Answered() {
		return []Action{EndCall, Mute, Devices, WriteNote, CopyNumber, Back}
	}
	offered := []Action{Mute, Hold, EndCall, Record, Keypad}
	if _, ok := t.aside(); ok {
		offered = append(offered, Swap, Next)
	}
	if c.Muted || t.talking {
		offered = append(offered, Talk)
	}
	return append(offered, Devices, WriteNote, PlayFile, VolumeDown, VolumeUp, GainDown, GainUp, CopyNumber, Back)
}

// afterwards are the actions on a call that has ended.
func (t *talk) afterwards() []Action {
	if t.last.ID == "" {
		return []Action{Back}
	}
	offered := []Action{Back, Call, WriteNote, CopyNumber}
	if t.last.Recording != "" {
		offered = append(offered, PlayRecording)
	}
	return offered
}

func (t *talk) Do(a Action, _ int) tea.Cmd {
	c, ok := t.focus()
	if !ok {
		return t.doAfterwards(a)
	}
	switch a {
	case Mute:
		return t.mute(c.ID, !c.Muted)
	case Talk:
		return t.talkKey(c)
	case Hold:
		return t.hold(c)
	case EndCall:
		return t.hangUp(c.ID)
	case Record:
		return t.record(c)
	case Swap, Next:
		return t.swap()
	case Keypad:
		t.pad = !t.pad
	case VolumeDown:
		return t.turn(0, -1)
	case VolumeUp:
		return t.turn(0, 1)
	case GainDown:
		return t.turn(-1, 0)
	case GainUp:
		return t.turn(1, 0)
	case Back:
		return t.back()
	case Devices:
		return t.show(t.pages.settings.at(soundSection))
	}
	return t.doWords(a, c)
}

// doWords are the actions that ask for text.
func (t *talk) doWords(a Action, c phone.Call) tea.Cmd {
	switch a {
	case CopyNumber:
		return t.copyNumber(c.Party)
	case WriteNote:
		return t.open(newPrompt(t.desk, "Note on this call", "save", "what was said", c.Note, func(s string) tea.Cmd {
			return t.ask("keep the note", func(ctx context.Context) error { return t.phone.Note(ctx, c.ID, phone.CleanLine(s, promptLimit)) })
		}))
	case PlayFile:
		return t.open(newPrompt(t.desk, "Play a sound file to "+t.who(c.Party), "play", "path; empty stops it", "", func(s string) tea.Cmd {
			return t.ask("play the file", func(ctx context.Context) error { return t.phone.Play(ctx, c.ID, strings.TrimSpace(s)) })
		}))
	}
	return nil
}

func (t *talk) doAfterwards(a Action) tea.Cmd {
	switch a {
	case Call:
		return t.dialParty(t.last.Line, t.last.Party)
	case PlayRecording:
		return t.playRecording(t.last)
	case Back:
		return t.goHome()
	}
	return t.doWords(a, t.last)
}

// endedShown is how long the summary of a call that ended stays.
const endedShown = 10 * time.Second

// Hear leaves the summary after a while.
func (t *talk) Hear(msg tea.Msg) tea.Cmd {
	if _, ticked := msg.(clockTicked); !ticked || len(t.calls) > 0 || len(t.dialogs) > 0 || t.playing != nil {
		return nil
	}
	if t.base == t && t.now.Sub(t.last.Ended) >= endedShown {
		return t.goHome()
	}
	return nil
}

// back closes the keypad, else goes to the lists; the call goes on.
func (t *talk) back() tea.Cmd {
	if t.pad {
		t.pad = false
		return nil
	}
	return t.goHome()
}

// talkKey is space: while held where the terminal tells when a key is released,
// else it switches.
func (t *talk) talkKey(c phone.Call) tea.Cmd {
	if t.talking {
		return nil // the key repeats
	}
	if t.ptt && t.releases {
		t.talking = true
	}
	return t.mute(c.ID, false)
}

// Type takes digits: they open the keypad and are sent.
func (t *talk) Type(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	c, busy := t.focus()
	if !ok || !busy || !c.State.Answered() || !strings.Contains("0123456789*#", key.Text) || key.Text == "" {
		return nil
	}
	t.pad = true
	t.sent += key.Text
	return t.ask("send the tone", func(ctx context.Context) error { return t.phone.SendDigits(ctx, c.ID, key.Text) })
}
