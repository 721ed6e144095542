package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/phone/control"
)

// ruleCommands are what scenarios of the gatekeeper need besides.
//
//	rings NAME [HOW]   waits until the call of NAME rings here: aloud, loud or silent
//	quits NAME         the handset of NAME gives up its call, which ends here, too
//	after NAME         the text that NAME got came after NAME's phone had stopped ringing
//	writes NAME TEXT   the handset of NAME writes to the profile's account
//	read NAME          waits until the profile's phone has read a text of NAME
//	[!] blocked NAME   the network has NAME on the account's block list, or comes to
//	deaf NAME          the handset of NAME hears of no decline, and the network confirms none
//	speaks NAME        a softphone of NAME calls and sends a tone of 880 Hz
//	hears NAME HZ      waits until the softphone of NAME hears a tone
//	over NAME          waits until the call of the softphone of NAME is over, on both sides
//	listening          waits until a person may take a call that was screened
//	take               a person takes that call
//	holds FILES HZ     what they said in a recording, a WAV file, has a tone in it
//	sine FILE HZ       makes a sound file of a second
//	me PRESENCE        waits until the background phone has the presence
//	meeting FILE WHEN  makes a calendar file whose one meeting is now, or over
var ruleCommands = map[string]func(*testscript.TestScript, bool, []string){
	"rings": awaitRinging, "quits": quitCalling, "after": wantOrder, "writes": writeToProfile, "read": awaitRead, "blocked": wantBlocked,
	"speaks": speakTo, "hears": awaitTone, "over": awaitOver, "listening": awaitListening,
	"take": takeScreened, "holds": wantToneIn, "sine": makeSine, "me": awaitPresence, "meeting": makeMeeting, "deaf": deafen,
}

func callFrom(s control.Status, number string) (phone.Call, bool) {
	i := slices.IndexFunc(s.Calls, func(c phone.Call) bool { return c.Party.Number == number })
	if i < 0 {
		return phone.Call{}, false
	}
	return s.Calls[i], true
}

func awaitRinging(ts *testscript.TestScript, neg bool, words []string) {
	how := "aloud"
	if len(words) > 1 {
		how = words[1]
	}
	awaitStatus(ts, words[0]+" rings "+how, func(s control.Status) bool {
		c, ok := callFrom(s, callerOf(ts, words[0]).Number())
		is := "aloud"
		switch {
		case c.Silenced:
			is = "silent"
		case c.Loud:
			is = "loud"
		}
		if ok && c.State == phone.Incoming && is != how {
			ts.Fatalf("%s rings %s, not %s", words[0], is, how)
		}
		return ok && c.State == phone.Incoming
	})
}

func quitCalling(ts *testscript.TestScript, neg bool, words []string) {
	caller := callerOf(ts, words[0])
	for _, c := range caller.Handset().Calls() {
		if c.State != chat.HandsetEnded {
			ts.Check(caller.Handset().HangUp(c.ID))
		}
	}
	awaitNoCall(ts, caller)
}

func awaitNoCall(ts *testscript.TestScript, caller *exchange.Account) {
	awaitStatus(ts, "the call is over", func(s control.Status) bool {
		_, there := callFrom(s, caller.Number())
		return !there
	})
}

// wantOrder compares two times of the exchange's own clock.
func wantOrder(ts *testscript.TestScript, neg bool, words []string) {
	caller := callerOf(ts, words[0])
	var ended time.Time
	for _, c := range world().exchange.Calls() {
		if c.Caller == caller.Number() && c.Ended.After(ended) && ended.IsZero() {
			ended = c.Ended
		}
	}
	for _, text := range caller.Handset().Texts() {
		if ended.IsZero() || !text.At.After(ended) {
			ts.Fatalf("the first call ended at %v, a text came at %v", ended, text.At)
		}
	}
}

func writeToProfile(ts *testscript.TestScript, neg bool, words []string) {
	_, err := callerOf(ts, words[0]).Handset().SendText(sceneOf(ts).owner.Number(), words[1])
	ts.Check(err)
}

func awaitRead(ts *testscript.TestScript, neg bool, words []string) {
	c, err := control.Connect(socketOf(ts))
	ts.Check(err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	number, found := callerOf(ts, words[0]).Number(), false
	err = c.Events(ctx, time.Now().Add(-time.Hour), 0, func(e phone.Event) bool {
		found = found || e.Text != nil && e.Text.Party.Number == number
		return !found
	})
	if !found {
		ts.Fatalf("no text of %s was read: %v", words[0], err)
	}
}

func wantBlocked(ts *testscript.TestScript, neg bool, words []string) {
	number := callerOf(ts, words[0]).Number()
	for range 200 {
		if slices.Contains(sceneOf(ts).owner.Handset().Blocked(), number) != neg {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s on the block list is still %v after 10 s", words[0], neg)
}

func awaitListening(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "a screened call waits for a person", func(s control.Status) bool {
		return slices.ContainsFunc(s.Calls, phone.Call.Screened)
	})
}

// takeScreened answers a call that the machine has answered already.
func takeScreened(ts *testscript.TestScript, neg bool, words []string) {
	c, err := control.Connect(socketOf(ts))
	ts.Check(err)
	defer c.Close()
	var s control.Status
	ts.Check(c.Do(context.Background(), "status", control.With{}, &s))
	for _, call := range s.Calls {
		ts.Check(c.Do(context.Background(), "answer", control.With{Call: call.ID}, nil))
	}
}

func awaitPresence(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "the presence is "+words[0], func(s control.Status) bool {
		return s.Presence == phone.Presence(words[0])
	})
}

// makeMeeting writes a calendar (RFC 5545) with one meeting of two hours.
func makeMeeting(ts *testscript.TestScript, neg bool, words []string) {
	begin := time.Now().Add(-time.Hour)
	if words[1] == "over" {
		begin = begin.Add(-2 * time.Hour)
	}
	const form = "20060102T150405Z"
	text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:%s\r\nDTEND:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		begin.UTC().Format(form), begin.Add(2*time.Hour).UTC().Format(form))
	ts.Check(os.WriteFile(ts.MkAbs(words[0]), []byte(text), 0o600))
}

// deafen keeps declines from a handset, and their acknowledgements from the
// profile's phone.
func deafen(ts *testscript.TestScript, neg bool, words []string) {
	for _, f := range []chat.Fault{
		{Kind: chat.FaultWithhold, Account: callerOf(ts, words[0]).Number(), Stanza: "reject"},
		{Kind: chat.FaultWithhold, Account: sceneOf(ts).owner.Number(), Stanza: "ack"},
	} {
		id, err := world().exchange.Chat().Inject(f)
		ts.Check(err)
		ts.Defer(func() { world().exchange.Chat().Lift(id) })
	}
}
