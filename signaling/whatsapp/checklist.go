package whatsapp

import (
	"fmt"
	"strings"

	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// Check is one step of a call that we placed, as its transcript shows it:
// docs/live-checklist.md walked through.
type Check struct {
	Step   string // "offer", "ringing" …
	Result string // Pass, Warn, Fail or Ask
	Found  string // a sentence
	Do     string // what to do or to look for, empty if nothing
	// Turn are the settings to try next, the likeliest first, as
	// "choices.dismiss=each". What is in force already is not among them.
	Turn []string
}

// Results of a Check. Ask is for what only the person at the other end can say.
const (
	Pass = "pass"
	Warn = "warn"
	Fail = "fail"
	Ask  = "ask"
)

// Checks walks through the transcript of a call that we placed. It ends with
// the step that the call did not survive; of a call whose offer was not sent
// there is nothing to say.
func (l *Line) Checks(entries []Entry) []Check {
	if transcript(entries).sent(stanza.Offer) == 0 {
		return nil
	}
	var found []Check
	for _, step := range steps {
		c, known := step.look(transcript(entries))
		if !known {
			continue
		}
		c.Step, c.Turn = step.name, l.Untried(c.Turn)
		if found = append(found, c); c.Result == Fail && step.vital {
			break
		}
	}
	return found
}

// Untried leaves out the settings that are in force already.
func (l *Line) Untried(turn []string) (rest []string) {
	media := map[string]string{
		"media.transport": string(l.config.Media.Transport), "media.other_port": fmt.Sprint(l.config.Media.OtherPort),
		"media.register": fmt.Sprint(l.config.Media.Register),
	}
	for _, t := range turn {
		name, value, _ := strings.Cut(t, "=")
		if media[name] != value && l.config.Choices.Get(strings.TrimPrefix(name, "choices.")) != value {
			rest = append(rest, t)
		}
	}
	return rest
}

// steps of a call, in their order. What comes after a vital one that failed
// tells nothing.
var steps = []struct {
	name  string
	look  func(transcript) (Check, bool)
	vital bool
}{
	{"offer", transcript.offer, true},
	{"reached", transcript.reached, true},
	{"keys", transcript.keys, false},
	{"ringing", transcript.ringing, false},
	{"relays", transcript.relays, false},
	{"answer", transcript.answer, true},
	{"other devices", transcript.siblings, false},
	{"first sound", transcript.sound, false},
	{"steady sound", transcript.steady, false},
	{"relay in use", transcript.inUse, false},
	{"heartbeat", transcript.heartbeat, false},
	{"end", transcript.end, false},
	{"call list", transcript.callList, false},
}

// transcript is what happened in a call.
type transcript []Entry

// first is when something happened first.
func (t transcript) first(on call.On) (Entry, bool) {
	for _, e := range t {
		if e.What == on.String() {
			return e, true
		}
	}
	return Entry{}, false
}

func (t transcript) has(on call.On) bool { _, ok := t.first(on); return ok }

// all are the details of everything of one sort.
func (t transcript) all(what string) (details []string) {
	for _, e := range t {
		if e.What == what {
			details = append(details, e.Detail)
		}
	}
	return details
}

func (t transcript) sent(k stanza.Kind) int { return len(t.all(sentKind + string(k))) }
