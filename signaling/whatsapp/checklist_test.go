package whatsapp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/signaling/whatsapp/call"
)

// told writes a transcript, a second between two entries: inputs, "ack with
// error 463", "sent offer".
func told(what ...any) (entries []Entry) {
	for i, w := range what {
		e := Entry{After: time.Duration(i) * time.Second}
		if on, ok := w.(call.On); ok {
			e.What = on.String()
		} else {
			e.What, e.Detail, _ = strings.Cut(w.(string), "|")
		}
		entries = append(entries, e)
	}
	return entries
}

// Stories: how far a call has come.
var (
	offeredStory  = []any{"sent offer", call.OfferAcked}
	ringingStory  = append(slices.Clone(offeredStory), call.Reached, "relay leg open|lop1 14ms", call.Preaccepted)
	answeredStory = append(slices.Clone(ringingStory), call.Accepted)
	talkingStory  = append(slices.Clone(answeredStory), call.MediaHeard)
)

func after(story []any, more ...any) []Entry { return told(append(slices.Clone(story), more...)...) }

func TestEveryStepOfACallSaysWhatToTurn(t *testing.T) {
	for name, c := range map[string]struct {
		entries []Entry
		want    string // "step result: turn"
		last    bool   // nothing is told after it
	}{
		"the offer has the wrong order":         {told("sent offer", "ack with error|439"), "offer fail: choices.offer_rates=16000", true},
		"strangers may not call them":           {told("sent offer", "ack with error|463"), "offer fail: choices.token=tctoken", true},
		"another code":                          {told("sent offer", "ack with error|500"), "offer fail:", true},
		"the server says nothing":               {told("sent offer", call.AckTimeout), "offer fail:", true},
		"no device has it":                      {after(offeredStory, call.RingTimeout), "reached fail: choices.capability=lean choices.offer_rates=16000 choices.strip_keys=on", true},
		"a device did not confirm it":           {after(offeredStory, call.Preaccepted), "reached warn:", false},
		"a device has it and does not ring":     {after(offeredStory, call.Reached), "ringing warn: choices.capability=lean choices.offer_rates=16000", false},
		"a key was sent again":                  {after(ringingStory, call.KeyRefused, "sent offer"), "keys pass:", false},
		"a key was not sent again":              {after(ringingStory, call.KeyRefused), "keys warn:", false},
		"no relay":                              {after(offeredStory, call.Reached, call.Preaccepted), "relays fail: media.other_port=3478 media.transport=peerconnection media.transport=dtls-udp", false},
		"they declined":                         {after(ringingStory, call.Rejected), "answer fail:", true},
		"they are busy":                         {after(ringingStory, "reject busy/uncallable|busy"), "answer fail:", true},
		"nobody answers":                        {after(ringingStory, call.Release), "answer fail:", true},
		"lost before an answer":                 {after(ringingStory), "answer fail:", true},
		"heard, but no accept":                  {after(ringingStory, call.MediaHeard), "answer warn:", false},
		"the list of siblings is not taken":     {after(answeredStory, "ack of dismissal with error|400"), "other devices warn: choices.dismiss=each", false},
		"whether siblings stop is asked":        {after(talkingStory), "other devices ask: choices.dismiss=each", false},
		"nothing is heard":                      {after(answeredStory, call.MediaTimeout), "first sound fail: choices.few_latencies=on media.other_port=3478 media.transport=peerconnection media.transport=dtls-udp", false},
		"they send what cannot be decoded":      {after(talkingStory, call.Mismatched), "first sound fail: choices.capability=lean choices.offer_overlay=before-encopt choices.end_on_mismatch=off", false},
		"sound stops":                           {after(talkingStory, call.MediaStopped), "steady sound warn: media.register=true media.other_port=3478 media.transport=peerconnection media.transport=dtls-udp", false},
		"no heartbeats please":                  {after(talkingStory, "sent heartbeat", "ack of heartbeat with error|400"), "heartbeat warn: choices.heartbeat=off", false},
		"heartbeats are taken":                  {after(talkingStory, "sent heartbeat"), "heartbeat pass:", false},
		"they hang up":                          {after(talkingStory, call.Terminated), "end pass:", false},
		"the end is confirmed":                  {after(talkingStory, call.EndAcked), "end pass:", false},
		"the end is not confirmed":              {after(talkingStory, call.Release), "end warn:", false},
		"the length in the list of calls":       {after(talkingStory, "sent duration"), "call list ask: choices.duration_in_seconds=on", false},
		"the relay that carried it":             {after(talkingStory, toldRelay+"|lop2 not reached", toldRelay+"|lop1 14ms, 3 sent, 4 received, in use"), "relay in use pass:", false},
		"a dial that failed before it was sent": {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			l := &Line{config: Config{Choices: DefaultChoices()}}
			var got []string
			for _, c := range l.Checks(c.entries) {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s: %s", c.Step, c.Result, strings.Join(c.Turn, " "))))
				if c.Found == "" || c.Result == Fail && c.Do == "" && len(c.Turn) == 0 {
					t.Errorf("%+v helps nobody", c)
				}
			}
			if c.want != "" && !slices.Contains(got, c.want) {
				t.Errorf("found %q, not %q", got, c.want)
			}
			if c.last && got[len(got)-1] != c.want {
				t.Errorf("the walk goes on after %q: %q", c.want, got)
			}
		})
	}
}

func TestASettingInForceIsNotProposed(t *testing.T) {
	l := &Line{config: Config{Choices: DefaultChoices()}}
	l.config.Media.Transport = "peerconnection"
	if err := l.config.Choices.Set("few_latencies", "on"); err != nil {
		t.Fatal(err)
	}
	for _, c := range l.Checks(after(answeredStory, call.MediaTimeout)) {
		if c.Step == "first sound" && !slices.Equal(c.Turn, []string{"media.other_port=3478", "media.transport=dtls-udp"}) {
			t.Errorf("proposed %q", c.Turn)
		}
	}
}

func TestEverySettingThatIsProposedExists(t *testing.T) {
	l := &Line{config: Config{Choices: DefaultChoices()}}
	every := told("sent offer", "ack with error|439", "ack with error|463", call.DismissRefused, call.KeyRefused, call.Mismatched)
	for _, step := range steps {
		for _, entries := range [][]Entry{every, nil, after(talkingStory), after(talkingStory, call.MediaStopped, call.HeartbeatRefused, "sent duration")} {
			c, _ := step.look(entries)
			for _, turn := range append(c.Turn, refusals["463"].Turn...) {
				name, value, _ := strings.Cut(turn, "=")
				choice, isChoice := strings.CutPrefix(name, "choices.")
				choices := l.config.Choices
				if isChoice && choices.Set(choice, value) != nil {
					t.Errorf("%s proposes %q", step.name, turn)
				}
			}
		}
	}
}
