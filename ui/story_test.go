package ui

import (
	"time"

	"tring/phone"
)

// storyTime is when the stories happen: a Tuesday at noon.
var storyTime = time.Date(2026, 11, 17, 12, 41, 0, 0, time.UTC)

var (
	mum   = phone.Party{Number: "+447700900456", Name: "Mum"}
	bruno = phone.Party{Number: "+5511912345678", Name: "Bruno Costa"}
	priya = phone.Party{Number: "+919876543210", Name: "Priya N."}
	sam   = phone.Party{Number: "+491711234567", Name: "Sam (work)"}
	dent  = phone.Party{Number: "+442079460958", Name: "Dentist"}
	hana  = phone.Party{Number: "+819012345678", PushName: "Hana 佐藤"}
	nobo  = phone.Party{LID: "123456789012345"}
)

// storyPhone is a phone that has been used for a while.
func storyPhone(clock func() time.Time) *fakePhone {
	f := newFakePhone(clock)
	f.lines = []phone.LineInfo{{
		Name: "personal", Kind: phone.PersonalLine, Status: phone.LineReady, MediaEnd: "their device",
		Own: phone.Party{Number: "+447700900123", PushName: "Ana"},
	}}
	f.contacts = []phone.Contact{
		{Party: mum, Favourite: true, Lines: []string{"personal"}, Note: "asks to be called before 21:00", LastCall: storyTime.Add(-3 * time.Hour)},
		{Party: bruno, Favourite: true, Lines: []string{"personal"}, Note: "invoice 4411, wants a call back"},
		{Party: priya, Lines: []string{"personal"}},
		{Party: sam, Lines: []string{"personal"}},
		{Party: dent, Lines: []string{"personal"}},
		{Party: hana},
	}
	f.entries = []phone.LogEntry{
		logged(9, bruno, phone.Inbound, -39*time.Minute, 0, phone.Cancelled),
		logged(8, priya, phone.Inbound, -81*time.Minute, 258*time.Second, phone.NormalClearing),
		logged(7, mum, phone.Outbound, -216*time.Minute, 1867*time.Second, phone.NormalClearing),
		logged(6, dent, phone.Inbound, -231*time.Minute, 0, phone.AnsweredElsewhere),
		logged(5, phone.Party{Number: "+12025550143"}, phone.Inbound, -15*time.Hour, 0, phone.RejectedByRule),
		logged(4, sam, phone.Inbound, -18*time.Hour, 0, phone.Declined),
		logged(3, priya, phone.Outbound, -18*time.Hour-9*time.Minute, 0, phone.NoAnswer),
		logged(2, nobo, phone.Inbound, -19*time.Hour, 0, phone.Cancelled),
		logged(1, hana, phone.Inbound, -38*time.Hour, 3760*time.Second, phone.NormalClearing),
	}
	f.entries[4].Rule, f.entries[4].Action = "strangers", phone.ActionReject
	f.entries[4].Trace = []string{"the caller is in no contact list", "rule strangers: unknown callers are declined"}
	f.missed = 2
	f.devices = []phone.SoundDevice{
		{Name: "Jabra Evolve 65", HostAPI: "PulseAudio", Input: true, Output: true, Default: true},
		{Name: "Built-in microphone", HostAPI: "ALSA", Input: true},
		{Name: "Built-in speakers", HostAPI: "ALSA", Output: true},
	}
	f.choice.Ring = "Built-in speakers"
	f.levels = phone.Levels{Mic: -24, MicPeak: -15, Peer: -14, PeerPeak: -7}
	f.quality = phone.Quality{
		MOS: 4.2, Loss: 0.004, Jitter: 12 * time.Millisecond, RTT: 84 * time.Millisecond, Buffer: 60 * time.Millisecond,
		Concealed: 0.003, Sent: 2399, Received: 2410, Codec: "opus 16 kHz 60 ms", Path: "relay fra3, UDP", Encrypted: "their device",
	}
	return f
}

func logged(n int, p phone.Party, d phone.Direction, at, talk time.Duration, why phone.Cause) phone.LogEntry {
	c := phone.Call{
		ID: "c" + string(rune('0'+n)), Line: "personal", Direction: d, Party: p, State: phone.Terminated, Started: storyTime.Add(at),
		Alerted: storyTime.Add(at + time.Second), Ended: storyTime.Add(at + 61*time.Second), Cause: why,
	}
	if talk > 0 {
		c.Answered = c.Started.Add(5 * time.Second)
		c.Ended = c.Answered.Add(talk)
		c.Quality.MOS = 4.3
	}
	c.Outcome = phone.OutcomeOf(c)
	return phone.LogEntry{Call: c}
}
