package whatsapp_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
)

func TestPeopleAreFoundByNumberNameAndID(t *testing.T) {
	w := newTown(t)
	_, err := w.AddAccount("+15550100003", "Robert")
	w.must(err)
	w.must(w.ann.account.Handset().SetContacts(chat.Contact{Number: "+15550100002", Name: "Bob Builder"}, chat.Contact{Number: "+15550100003", Name: "Bobby"}))
	w.ann.await("the contacts", func(phone.LineEvent) bool {
		list, _ := w.ann.Contacts(soon(t))
		named := 0
		for _, p := range list {
			if p.Name != "" {
				named++
			}
		}
		return named == 2
	})
	if list, _ := w.ann.Contacts(soon(t)); slices.ContainsFunc(list, func(p phone.Party) bool { return p.Number == w.ann.account.Number() }) {
		t.Errorf("we are our own contact: %+v", list)
	}
	for who, want := range map[string]string{
		"+1 555 010-0002": "+15550100002", "+15550100002": "+15550100002", "15550100002@s.whatsapp.net": "+15550100002",
		"15550100002@c.us": "+15550100002", "Bob Builder": "+15550100002", "bob b": "+15550100002", "bobby": "+15550100003",
		"builder": "+15550100002", "(+1) 555.010.0003": "+15550100003",
	} {
		p, err := w.ann.Resolve(soon(t), who)
		if err != nil || p.Number != want || p.LID == "" {
			t.Errorf("%q is %+v (%v), want %s", who, p, err, want)
		}
	}
	if p, err := w.ann.Resolve(soon(t), w.bob.account.LID()); err != nil || p.Number != "+15550100002" || p.Name != "Bob Builder" {
		t.Errorf("by hidden id: %+v %v", p, err)
	}
	for who, want := range map[string]error{
		"bo": phone.ErrAmbiguous, "nobody": phone.NotOnNetwork, "+15550109999": phone.NotOnNetwork,
		"120363000000000001@g.us": phone.Forbidden, "1234@newsletter": phone.Forbidden, "13135550002@s.whatsapp.net": phone.Forbidden,
	} {
		if p, err := w.ann.Resolve(soon(t), who); !errors.Is(err, want) {
			t.Errorf("%q is %+v (%v), want %v", who, p, err, want)
		}
	}
}

func TestNumbersAreReadInTheHomeRegion(t *testing.T) {
	w := newTown(t, func(c *whatsapp.Config) { c.Region = "US" })
	if p, err := w.ann.Resolve(soon(t), "555 010 0002"); err != nil || p.Number != "+15550100002" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestAnUnknownNumberIsLearntOnce(t *testing.T) {
	w := newTown(t)
	carl, err := w.AddAccount("+15550100009", "Carl")
	w.must(err)
	_, err = w.ann.Resolve(soon(t), "+15550100009")
	w.must(err)
	e := w.ann.await("whom the number belongs to", func(e phone.LineEvent) bool {
		p, ok := e.(phone.PartyLearned)
		return ok && p.Party.Number == "+15550100009"
	})
	if got := e.(phone.PartyLearned).Party.LID; got != carl.LID() {
		t.Errorf("learnt %s, want %s", got, carl.LID())
	}
}

func TestTextsAndBlocks(t *testing.T) {
	w := newTown(t)
	w.must(w.ann.SendText(soon(t), w.bob.number(), "I will call back."))
	got := w.bob.await("a text", func(e phone.LineEvent) bool { _, ok := e.(phone.TextReceived); return ok }).(phone.TextReceived)
	if got.Text != "I will call back." || got.From.Number != "+15550100001" || time.Since(got.At) > time.Minute {
		t.Errorf("%+v", got)
	}
	_, err := w.ann.account.Handset().SendText(w.bob.account.Number(), "stop\x1b[31m\u202e calling")
	w.must(err)
	w.bob.await("a hostile text", func(e phone.LineEvent) bool {
		x, ok := e.(phone.TextReceived)
		return ok && strings.HasPrefix(x.Text, "stop") && !strings.ContainsAny(x.Text, "\x1b\u202e")
	})
	w.must(w.bob.SetBlocked(soon(t), w.ann.number(), true))
	if list := w.bob.account.Handset().Blocked(); len(list) != 1 {
		t.Errorf("blocked %v", list)
	}
	w.must(w.bob.SetBlocked(soon(t), w.ann.number(), false))
	if list := w.bob.account.Handset().Blocked(); len(list) != 0 {
		t.Errorf("still blocked %v", list)
	}
	if err := w.ann.SendText(soon(t), phone.Party{Number: "+15550109999"}, "x"); !errors.Is(err, phone.NotOnNetwork) {
		t.Errorf("a text to nobody: %v", err)
	}
}

func TestCallsOfOtherDevicesAreLearnt(t *testing.T) {
	w := newTown(t)
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	w.must(w.bob.account.Handset().AddHistory(
		chat.PastCall{ID: "00AA", Number: w.ann.account.Number(), Incoming: true, Started: began, Duration: 65 * time.Second, Result: chat.ResultConnected},
		chat.PastCall{ID: "00BB", Number: w.ann.account.Number(), Started: began, Result: chat.ResultMissed},
	))
	found := map[string]phone.PastCall{}
	w.bob.await("the history", func(phone.LineEvent) bool {
		for _, e := range w.bob.seen() {
			if h, ok := e.(phone.HistoryLearned); ok {
				for _, c := range h.Calls {
					found[c.ID] = c
				}
			}
		}
		return len(found) == 2
	})
	in := found["00AA"]
	if !in.Incoming || in.Duration != 65*time.Second || !in.Started.Equal(began) || in.Cause != phone.NormalClearing || in.Party.LID != w.ann.account.LID() {
		t.Errorf("%+v", in)
	}
	if out := found["00BB"]; out.Incoming || out.Party.LID != w.ann.account.LID() {
		t.Errorf("%+v", out)
	}
}

func TestNamesOfStrangersAreMadeSafe(t *testing.T) {
	x := network(t)
	w := populate(t, x)
	w.must(w.ann.account.Handset().SetName("\x1b]0;owned\x07\u202eEvil\u200b\n" + strings.Repeat("x", 500)))
	w.ann.await("the new name", func(phone.LineEvent) bool { return w.ann.Info().Own.PushName != "Ann" })
	leg := w.ann.dial(w.bob)
	name := w.bob.rings(leg.ID()).From.PushName
	if strings.ContainsAny(name, "\x1b\x07\u202e\u200b\n") || len([]rune(name)) > phone.NameCells {
		t.Errorf("the name %q reached the phone", name)
	}
	w.must(leg.Release(soon(t), phone.Cancelled))
}
