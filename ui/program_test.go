package ui

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/teatest/v2"

	"tring/phone"
)

// watched is a whole program on a terminal of 80 by 24 cells, in real time.
type watched struct {
	*teatest.TestModel
	t     *testing.T
	phone *fakePhone
}

func watch(t *testing.T, change func(*fakePhone, *Config)) *watched {
	t.Helper()
	start := time.Now()
	clock := func() time.Time { return storyTime.Add(time.Since(start)) }
	f := storyPhone(clock)
	cfg := Config{Phone: f, Now: clock, Theme: "dark", Replies: []string{"I will call you back."}}
	if change != nil {
		change(f, &cfg)
	}
	model, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{teatest.NewTestModel(t, model, teatest.WithInitialTermSize(80, 24)), t, f}
	f.snapshot()
	return w
}

// sees waits until the terminal was told to draw a text.
func (w *watched) sees(words string) {
	w.t.Helper()
	teatest.WaitFor(w.t, w.Output(), func(screen []byte) bool { return bytes.Contains(screen, []byte(words)) },
		teatest.WithDuration(10*time.Second), teatest.WithCheckInterval(10*time.Millisecond))
}

// asked waits until the phone was asked for something.
func (w *watched) asked(wish string) {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if containsString(w.phone.wishes(), wish) {
			return
		}
	}
	w.t.Fatalf("the phone was asked %q, not %q", w.phone.wishes(), wish)
}

func TestAWholeCallInAProgram(t *testing.T) {
	w := watch(t, nil)
	w.sees("Bruno Costa")
	w.Type("07700900456")
	w.sees("reads as")
	w.Send(tea.KeyPressMsg(keyOf("enter")))
	w.asked("dial  +447700900456")
	w.sees("CALLING")
	w.phone.ring("c1")
	w.phone.accept("c1")
	w.phone.media("c1")
	w.sees("MIC ON")
	w.Type("m")
	w.sees("MUTED")
	w.Type("e")
	w.sees("The call ended.")
	w.Type("q")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}

func TestACallComesInWhileSomebodyTypes(t *testing.T) {
	w := watch(t, nil)
	w.sees("Bruno Costa")
	w.Type("/pri")
	w.sees("Priya")
	w.phone.offer(bruno)
	w.sees("INCOMING CALL")
	w.Type("a")
	w.Send(tea.KeyPressMsg(keyOf("alt+a")))
	w.asked("answer c1")
	w.phone.media("c1")
	w.sees("MIC ON")
	w.Send(tea.KeyPressMsg(keyOf("ctrl+c")))
	w.sees("Press ctrl+c again")
	w.Send(tea.KeyPressMsg(keyOf("ctrl+c")))
	w.asked("hang up c1")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}

func TestLinkingInAProgram(t *testing.T) {
	scanned := make(chan string, 1)
	w := watch(t, func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.Scan = func(_ context.Context, code string) error { scanned <- code; return nil }
	})
	w.asked("link personal 0")
	w.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &phone.PairingStep{
		Kind: phone.PairingScan, Text: linkText, Index: 1, Count: 6, Expires: storyTime.Add(time.Hour),
	}})
	w.sees("Code 1 of 6")
	w.Type("s")
	if code := <-scanned; code != linkText {
		t.Errorf("scanned %q", code)
	}
	ready := phone.LineInfo{Name: "personal", Status: phone.LineReady, Own: phone.Party{Number: "+447700900123", PushName: "Ana"}}
	w.phone.tell(phone.Event{Kind: phone.EventLine, Line: "personal", Info: &ready})
	w.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &phone.PairingStep{Kind: phone.PairingDone}})
	w.sees("Recents")
	w.Type("q")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}

func TestTwoThousandEventsArriveInOrder(t *testing.T) {
	w := watch(t, nil)
	w.sees("Recents")
	for i := range 2000 {
		w.phone.tell(phone.Event{Kind: phone.EventNotice, What: "number " + strings.Repeat("I", i%50)})
	}
	w.phone.tell(phone.Event{Kind: phone.EventNotice, What: "the very last"})
	w.sees("the very last")
	w.Type("q")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}

func TestAVoicemailIsHeardInAProgram(t *testing.T) {
	w := watch(t, withVoicemail)
	w.sees("1 voicemail")
	w.Type("p") // the row in front is the voicemail
	w.asked("play recording c8")
	w.sees("stops it")
	w.phone.endPlaying("ended")
	w.sees("plays it")
	w.Type("q")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}

func TestAScreenedCallIsTakenInAProgram(t *testing.T) {
	w := watch(t, nil)
	w.sees("Bruno Costa")
	id := w.phone.offer(bruno)
	w.phone.change(id, phone.EventState, "", func(c *phone.Call) {
		c.Listening, c.Silenced, c.State, c.Answered = true, true, phone.Established, w.phone.clock()
	})
	w.sees("is talking to the machine")
	w.phone.change(id, phone.EventChanged, "screened", func(c *phone.Call) {
		c.Recording, c.Deadline = "x.ogg", w.phone.clock().Add(time.Minute)
	})
	w.sees("SCREENED CALL")
	w.Send(tea.KeyPressMsg(keyOf("alt+a")))
	w.asked("answer " + id)
	w.sees("MIC ON")
	w.Type("qy")
	w.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
}
