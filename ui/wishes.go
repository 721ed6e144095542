package ui

import (
	"cmp"
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// ask makes a command of a wish to the phone. what names the wish for the case
// that it fails, as in "could not hang up".
func (d *desk) ask(what string, f func(ctx context.Context) error) tea.Cmd {
	parent := d.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, patience)
		defer cancel()
		if err := f(ctx); err != nil {
			return failed{what, err}
		}
		return nil
	}
}

// dial calls somebody; on a business line the network is asked first whether it
// may be.
func (d *desk) dial(line, who string) tea.Cmd {
	if who == "" {
		return nil
	}
	if l := d.lineToUse(line); l.Kind == phone.BusinessLine {
		return d.readPermission(l.Name, who)
	}
	return d.callNow(line, who)
}

// callNow places the call. Where the phone wants a person's yes, a dialog asks
// for it.
func (d *desk) callNow(line, who string) tea.Cmd {
	as := func(yes phone.Consent) func(context.Context) (phone.Call, error) {
		return func(ctx context.Context) (phone.Call, error) { return d.phone.DialWith(ctx, line, who, yes) }
	}
	return d.placeCall(as(phone.ByNobody), func() tea.Cmd { return d.placeCall(as(phone.ByPerson), nil) })
}

// redial calls the last number; the same again is the yes to a doubt.
func (d *desk) redial() tea.Cmd {
	return d.placeCall(d.phone.Redial, func() tea.Cmd { return d.placeCall(d.phone.Redial, nil) })
}

// doubted is a call that a person must confirm, and how it is then placed.
type doubted struct {
	why  phone.AskFirst
	call func() tea.Cmd
}

// placeCall makes a command of a dialling; the call comes to the front when the
// offer is on its way. agreed is what a yes to the phone's doubts does.
func (d *desk) placeCall(dial func(context.Context) (phone.Call, error), agreed func() tea.Cmd) tea.Cmd {
	parent := d.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, patience)
		defer cancel()
		call, err := dial(ctx)
		var why phone.AskFirst
		switch {
		case agreed != nil && errors.As(err, &why):
			return doubted{why, agreed}
		case err != nil:
			return failed{"call", err}
		}
		return dialled{call}
	}
}

// askDoubt asks the person whom the phone wants to hear.
func (d *desk) askDoubt(msg doubted) tea.Cmd {
	return d.open(newConfirm(d, "Call them now?", strings.Join(msg.why.Reasons, " "), "call all the same", msg.call))
}

func (d *desk) answer(id string) tea.Cmd {
	d.answered = d.now
	return d.ask("answer", func(ctx context.Context) error { return d.phone.Answer(ctx, id) })
}

func (d *desk) answerMuted(id string) tea.Cmd {
	d.answered = d.now
	return d.ask("answer", func(ctx context.Context) error { return d.phone.AnswerMuted(ctx, id) })
}

func (d *desk) answerRecord(id string) tea.Cmd {
	d.answered = d.now
	return d.ask("answer and record", func(ctx context.Context) error {
		if err := d.phone.Answer(ctx, id); err != nil {
			return err
		}
		return d.phone.Record(ctx, id, true)
	})
}

func (d *desk) endAnswer(id string) tea.Cmd {
	d.answered = d.now
	return d.ask("answer", func(ctx context.Context) error { return d.phone.EndAndAnswer(ctx, id) })
}

// decline refuses a call that rings, or ends one that the machine has answered.
func (d *desk) decline(id, say string) tea.Cmd {
	if c, ok := d.call(id); ok && c.Listening {
		return d.hangUp(id)
	}
	return d.ask("decline", func(ctx context.Context) error { return d.phone.Reject(ctx, id, say) })
}

func (d *desk) silence(id string) tea.Cmd {
	return d.ask("silence the ring", func(ctx context.Context) error { return d.phone.Silence(ctx, id) })
}

func (d *desk) hangUp(id string) tea.Cmd {
	return d.ask("hang up", func(ctx context.Context) error { return d.phone.HangUp(ctx, id) })
}

func (d *desk) mute(id string, on bool) tea.Cmd {
	return d.ask("switch the microphone", func(ctx context.Context) error { return d.phone.Mute(ctx, id, on) })
}

func (d *desk) hold(c phone.Call) tea.Cmd {
	return d.ask("hold", func(ctx context.Context) error {
		if c.Held {
			return d.phone.Resume(ctx, c.ID)
		}
		return d.phone.Hold(ctx, c.ID)
	})
}

func (d *desk) swap() tea.Cmd { return d.ask("swap the calls", d.phone.Swap) }

func (d *desk) record(c phone.Call) tea.Cmd {
	return d.ask("record", func(ctx context.Context) error { return d.phone.Record(ctx, c.ID, !c.OnRecord) })
}

// gainStep is one press of a volume key; gainTop is the phone's own limit.
const (
	gainStep = 0.1
	gainTop  = 4.0
)

// turn changes the microphone's gain and the speaker's volume by steps.
func (d *desk) turn(microphone, speaker int) tea.Cmd {
	d.gain = min(max(d.gain+gainStep*float64(microphone), 0), gainTop)
	d.volume = min(max(d.volume+gainStep*float64(speaker), 0), gainTop)
	return d.setGain(d.gain, d.volume)
}

func (d *desk) setGain(gain, volume float64) tea.Cmd {
	return d.ask("change the volume", func(ctx context.Context) error { return d.phone.SetGain(ctx, gain, volume) })
}

func (d *desk) toggleDND() tea.Cmd {
	to, words := phone.DND, "Do not disturb: calls are shown and make no sound. "+d.keys.key(DoNotDisturb)+" ends it."
	if d.presence == phone.DND {
		to, words = phone.Available, "Calls make a sound again."
	}
	set := d.ask("change do not disturb", func(ctx context.Context) error { return d.phone.SetPresence(ctx, to) })
	return func() tea.Msg { return cmp.Or(set(), tea.Msg(told{words})) }
}

func (d *desk) edit(c phone.Contact) tea.Cmd {
	return d.ask("save the contact", func(ctx context.Context) error { return d.phone.EditContact(ctx, c) })
}

// copyNumber puts a number on the clipboard by OSC 52, which also works over SSH.
func (d *desk) copyNumber(p phone.Party) tea.Cmd {
	if p.Number == "" {
		d.complain("The number is hidden.")
		return nil
	}
	d.tell("Copied " + p.Number + ".")
	return tea.SetClipboard(p.Number)
}

// recentCalls is how many calls the home screen shows; the log has them all.
const recentCalls = 200

func (d *desk) readContacts() tea.Cmd {
	return func() tea.Msg {
		contacts, err := d.phone.Contacts(d.ctx)
		return contactsRead{newBook(contacts), err}
	}
}

func (d *desk) readLog() tea.Cmd {
	return func() tea.Msg {
		entries, err := d.phone.Log(d.ctx, phone.Query{Limit: recentCalls})
		machine, machineErr := d.phone.Log(d.ctx, phone.Query{Outcomes: []phone.Outcome{phone.OutcomeVoicemail}, Limit: recentCalls})
		return recentsRead{entries, machine, d.phone.Missed(), d.phone.Unheard(), errors.Join(err, machineErr)}
	}
}
