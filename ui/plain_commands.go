package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tring/phone"
)

// plainCommand is one word that can be typed.
type plainCommand struct {
	names []string // the first is the word, the others are short for it
	takes string   // what follows it
	help  string
	do    func(p *plain, rest string)
}

// plainCommands are all of them; help says them in this order.
func plainCommands() []plainCommand {
	return []plainCommand{
		{[]string{"answer", "a"}, "", "answer the call that rings", (*plain).answerCall},
		{[]string{"decline", "d"}, "", "decline it", func(p *plain, _ string) { p.declineCall("") }},
		{[]string{"message", "t"}, "N or words", "decline it with a message", (*plain).declineSaying},
		{[]string{"silence", "i"}, "", "stop the ringing here", (*plain).silenceCall},
		{[]string{"call", "c"}, "number or name", "call somebody", (*plain).callSomebody},
		{[]string{"end", "e"}, "", "end the call", (*plain).endCall},
		{[]string{"mute", "m"}, "", "microphone off and on", (*plain).muteCall},
		{[]string{"hold", "h"}, "", "hold the call here, or take it back", (*plain).holdCall},
		{[]string{"swap", "x"}, "", "swap two calls", func(p *plain, _ string) { p.wish("swap", p.phone.Swap) }},
		{[]string{"record", "r"}, "", "record, stop recording", (*plain).recordCall},
		{[]string{"keys", "k"}, "digits", "send keypad tones", (*plain).sendDigits},
		{[]string{"note", "n"}, "words", "keep a note on the call", (*plain).noteCall},
		{[]string{"status"}, "", "what goes on", (*plain).status},
		{[]string{"level"}, "", "how loud both sides are", (*plain).sayLevel},
		{[]string{"contacts"}, "search", "list people; a number calls one", (*plain).listContacts},
		{[]string{"recents", "log"}, "", "list the last calls; a number calls back", (*plain).listRecents},
		{[]string{"voicemail"}, "", "list what callers said to the machine; a number plays it", (*plain).listVoicemail},
		{[]string{"stop"}, "", "stop the recording that plays", func(p *plain, _ string) { p.wish("stop the recording", p.phone.StopPlaying) }},
		{[]string{"from"}, "line", "call from that line; alone: from the one that fits", (*plain).callFrom},
		{[]string{"redial"}, "", "call the last number again", (*plain).redialLast},
		{[]string{"devices"}, "", "list sound devices; a number chooses one", (*plain).listDevices},
		{[]string{"test"}, "", "test microphone and speaker", (*plain).testEcho},
		{[]string{"dnd"}, "", "do not disturb, on and off", (*plain).switchDND},
		{[]string{"state"}, "available, busy, away or dnd", "say how you want to be treated", (*plain).changeState},
		{[]string{"link"}, "your number", "link with an 8-character code; alone: with a QR code", (*plain).linkLine},
		{[]string{"scan"}, "", "scan the QR code with the built-in handset, or ask for one", (*plain).scanCode},
		{[]string{"picture"}, "", "open the QR code as a picture", (*plain).openPicture},
		{[]string{"script"}, "", "print the passkey script", (*plain).sayScript},
		{[]string{"passkey"}, "answer", "send the browser's answer", (*plain).sendPasskey},
		{[]string{"yes", "y"}, "", "yes, the codes are the same", func(p *plain, _ string) { p.confirm(true) }},
		{[]string{"no"}, "", "no, they are not", func(p *plain, _ string) { p.confirm(false) }},
		{[]string{"help", "?"}, "", "say the commands", (*plain).sayHelp},
		{[]string{"quit", "q"}, "", "end all calls and leave", func(p *plain, _ string) { p.quit = true }},
	}
}

// command does what was typed: a word, the number of a listed row, or a
// telephone number.
func (p *plain) command(typed string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(typed), " ")
	if word == "" {
		return
	}
	for _, c := range plainCommands() {
		for _, name := range c.names {
			if strings.EqualFold(word, name) {
				c.do(p, strings.TrimSpace(rest))
				return
			}
		}
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(p.listed) && rest == "" {
		p.listed[n-1].choose()
		return
	}
	if searchDigits(typed) != "" {
		p.callSomebody(typed)
		return
	}
	p.say("There is no command %q. Type help.", word)
}

func (p *plain) sayHelp(string) {
	for _, c := range plainCommands() {
		p.say("%s: %s.", strings.TrimSpace(strings.Join(c.names, " or ")+" "+c.takes), c.help)
	}
}

func (p *plain) switchDND(string) {
	to := phone.DND
	if p.presence == phone.DND {
		to = phone.Available
	}
	p.wish("change do not disturb", func(ctx context.Context) error { return p.phone.SetPresence(ctx, to) })
}

// changeState takes one of the states by its name.
func (p *plain) changeState(word string) {
	to := phone.Presence(strings.ToLower(word))
	if !slices.Contains(presences, to) {
		p.say("Type state and one of available, busy, away, dnd.")
		return
	}
	p.wish("change that", func(ctx context.Context) error { return p.phone.SetPresence(ctx, to) })
}
