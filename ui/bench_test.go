package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// benchRoot is the screens with a full log and address book, on a terminal of
// w by h cells, with a call in progress if talking.
func benchRoot(b *testing.B, w, h int, talking bool) *root {
	b.Helper()
	f := storyPhone(func() time.Time { return storyTime })
	f.contacts = manyContacts(10_000)
	model, err := New(context.Background(), Config{Phone: f, Now: f.clock, Theme: "dark"})
	if err != nil {
		b.Fatal(err)
	}
	r := model.(*root)
	r.Update(tea.WindowSizeMsg{Width: w, Height: h})
	r.Update(contactsRead{book: newBook(f.contacts)})
	r.Update(recentsRead{entries: f.entries})
	r.Update(numbersReady{})
	call := phone.Call{ID: "c1", Party: mum, State: phone.Established, Started: storyTime, Answered: storyTime, Talking: storyTime}
	events := []phone.Event{{Kind: phone.EventLine, Info: &f.lines[0]}, {Kind: phone.EventSnapshot}}
	if talking {
		events = append(events, phone.Event{Kind: phone.EventState, Call: &call})
	}
	r.Update(eventsHappened{events})
	r.gauges("c1").take(storyTime, f.levels, f.quality)
	return r
}

func BenchmarkView(b *testing.B) {
	for _, size := range []struct{ w, h int }{{80, 24}, {120, 40}} {
		for _, talking := range []bool{false, true} {
			b.Run(fmt.Sprintf("%dx%d/talking=%v", size.w, size.h, talking), func(b *testing.B) {
				r := benchRoot(b, size.w, size.h, talking)
				b.ReportAllocs()
				for b.Loop() {
					r.View()
				}
			})
		}
	}
}

func BenchmarkKeyToCommand(b *testing.B) {
	r := benchRoot(b, 80, 24, true)
	key := tea.KeyPressMsg(keyOf("m"))
	b.ReportAllocs()
	for b.Loop() {
		if _, cmd := r.Update(key); cmd == nil {
			b.Fatal("nothing was asked for")
		}
	}
}

func BenchmarkTickInACall(b *testing.B) {
	r := benchRoot(b, 80, 24, true)
	b.ReportAllocs()
	for b.Loop() {
		r.Update(clockTicked{generation: r.pacing.generation, samples: []sample{{"c1", phone.Levels{Mic: -20}, phone.Quality{MOS: 4}}}})
		r.View()
	}
}

func BenchmarkScrollAHundredThousandCalls(b *testing.B) {
	r := benchRoot(b, 120, 40, false)
	r.show(r.pages.log)
	entries := make([]phone.LogEntry, 100_000)
	for i := range entries {
		entries[i] = logged(i%10, mum, phone.Inbound, -time.Duration(i)*time.Minute, time.Minute, phone.NormalClearing)
	}
	r.Update(logRead{asked: r.pages.log.asked, entries: entries})
	b.ReportAllocs()
	for b.Loop() {
		r.Update(tea.KeyPressMsg(keyOf("pgdown")))
		r.View()
	}
}
