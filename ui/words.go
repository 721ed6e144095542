package ui

import (
	"fmt"
	"strings"

	"tring/phone"
)

// stateWords says how far a call has come.
func stateWords(c phone.Call) string {
	switch c.State {
	case phone.Calling:
		return "calling"
	case phone.Ringing:
		return "ringing"
	case phone.Incoming:
		return "ringing here"
	case phone.Connecting:
		return "answered, no sound yet"
	case phone.Established:
		return "talking"
	}
	return c.State.String()
}

// changes says which properties of a call changed, in a few words each.
func changes(before, c phone.Call, who string) (news []string) {
	for _, p := range []struct {
		was, is bool
		on, off string
	}{
		{before.Muted, c.Muted, "your microphone is off", "your microphone is on"},
		{before.PeerMuted, c.PeerMuted, who + " muted", who + " unmuted"},
		{before.OnRecord, c.OnRecord, "recording", "recording stopped"},
		{before.Held, c.Held, "on hold here", "off hold"},
		{before.Reconnecting, c.Reconnecting, "sound lost, restoring it", "sound is back"},
		{before.Silenced, c.Silenced, "silenced here", "ringing here again"},
		{before.Listening, c.Listening, "the machine has answered", "the machine has left"},
	} {
		switch {
		case p.is && !p.was:
			news = append(news, p.on)
		case p.was && !p.is:
			news = append(news, p.off)
		}
	}
	return news
}

// callWord is the state of a call in one word for a header.
func callWord(c phone.Call) string {
	switch {
	case c.Reconnecting:
		return "RECONNECTING"
	case c.Held:
		return "ON HOLD"
	case c.State == phone.Established:
		return "IN CALL"
	case c.State == phone.Connecting:
		return "CONNECTING"
	case c.State == phone.Ringing:
		return "RINGING"
	case c.State == phone.Calling:
		return "CALLING"
	case c.State == phone.Incoming:
		return "INCOMING"
	}
	return "ENDED"
}

// endSentence sums up a call that has ended.
func (d *desk) endSentence(c phone.Call) string {
	who := d.who(c.Party)
	if c.ID == d.said {
		return who + ": declined; your message goes out."
	}
	if took := c.Duration(d.now); took > 0 {
		return fmt.Sprintf("%s: %s %s", who, c.Ending(), timer(took))
	}
	return who + ": " + c.Ending()
}

// outcomeWord is what became of a call, for a column of nine cells.
func outcomeWord(e phone.Call) (string, role) {
	switch e.Outcome {
	case phone.OutcomeMissed:
		return "missed", bad
	case phone.OutcomeDeclined:
		return "declined", subtle
	case phone.OutcomeDeclinedByRule:
		return "by rule", subtle
	case phone.OutcomeElsewhere:
		return "elsewhere", subtle
	case phone.OutcomeVoicemail:
		return "voicemail", fair
	case phone.OutcomeCancelled:
		return "cancelled", subtle
	case phone.OutcomeNoAnswer:
		return "no answer", subtle
	case phone.OutcomeBusy:
		return "busy", subtle
	case phone.OutcomeFailed:
		return "failed", bad
	}
	return string(e.Direction), subtle
}

// outcomeDetail is what there is to say about a logged call in a few words.
func outcomeDetail(e phone.Call) string {
	switch {
	case e.Outcome == phone.OutcomeAnswered || e.Outcome == phone.OutcomeVoicemail:
		return e.Quality.Word()
	case e.Cause == phone.AnsweredElsewhere:
		return "on your phone"
	case e.Cause == phone.DeclinedElsewhere:
		return "declined there"
	case e.Rule != "":
		return "rule: " + phone.CleanLine(e.Rule, 30)
	case e.Cause == phone.NoAnswer && !e.Ended.IsZero() && !e.Alerted.IsZero():
		return "rang " + span(e.Ended.Sub(e.Alerted))
	case e.Outcome == phone.OutcomeFailed:
		return strings.ToLower(strings.TrimSuffix(e.Ending(), "."))
	}
	return ""
}

// qualityWord is the quality for the screen, and how it looks.
func qualityWord(q phone.Quality) (string, role) {
	switch word := q.Word(); word {
	case "good":
		return "GOOD", good
	case "fair":
		return "FAIR", fair
	case "poor", "bad":
		return strings.ToUpper(word), bad
	}
	return "measuring", subtle
}

// bars are the quality as four bars, for people who look rather than read.
func bars(q phone.Quality) int {
	switch q.Word() {
	case "good":
		return 4
	case "fair":
		return 3
	case "poor":
		return 2
	case "bad":
		return 1
	}
	return 0
}

// statusWord says how a line is.
func statusWord(s phone.LineStatus) (string, role) {
	switch s {
	case phone.LineReady:
		return "linked", good
	case phone.LineConnecting:
		return "connecting", fair
	case phone.LineOffline:
		return "offline", fair
	}
	return s.String(), bad
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
