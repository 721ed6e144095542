package rules

import (
	"time"

	"tring/phone"
)

// Restrict holds a caller back for a time: silence, or on a business line a
// reject. It is the one action of rules that the phone does not know; Decide
// turns it into one that it does.
const Restrict phone.Action = "restrict"

// Book is a rules file, compiled. It never changes; loading again makes a new
// one.
type Book struct {
	Rules    []Rule
	Default  Rule
	Warnings []Warning
	Files    []string // list files; a change of one means loading again
	Greeting Machine  // of voicemail
	Question Machine  // of screen
	Lookup   Lookup

	zone     *time.Location
	country  string
	hours    map[string]*Hours
	messages map[string]*Message
}

// Rule is one rule, compiled.
type Rule struct {
	Name    string
	Do      phone.Action
	To      string
	Say     string // a message's name, the text itself, or a sound file for the machine
	For     time.Duration
	RingFor time.Duration
	Then    phone.Action
	Until   time.Time // the rule ends by itself then, zero for never
	Enabled bool
	Confirm bool // false lets it block people by how often they call

	when []condition
}

// Machine is what an answering machine says and how long it records.
type Machine struct {
	Greeting string // a sound file, "" for the beep alone
	Max      time.Duration
}

// Lookup is a local command that is asked about a caller.
type Lookup struct {
	Command []string
	Keep    time.Duration
}

// Hours are the compiled hours by name.
func (b *Book) Hours() map[string]*Hours { return b.hours }

// Zone is the file's time zone.
func (b *Book) Zone() *time.Location { return b.zone }

// message is what say stands for: a message of the file, or the words
// themselves.
func (b *Book) message(say string) *Message {
	if say == "" {
		return nil
	}
	if m, ok := b.messages[say]; ok {
		return m
	}
	return &Message{Name: "", Text: say, OncePer: 12 * time.Hour}
}
