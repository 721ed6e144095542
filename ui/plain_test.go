package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
)

// spoken collects what plain mode says.
type spoken struct {
	mu    sync.Mutex
	words strings.Builder
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.String()
}

// reading is a person at a line terminal.
type reading struct {
	t     *testing.T
	phone *fakePhone
	typed *io.PipeWriter
	heard *spoken
}

// readAloud runs plain mode against the fake phone in virtual time.
func readAloud(t *testing.T, change func(*fakePhone, *Config), story func(*reading)) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		clock := func() time.Time { return storyTime.Add(time.Since(start)) }
		in, typed := io.Pipe()
		r := &reading{t, storyPhone(clock), typed, &spoken{}}
		cfg := Config{Phone: r.phone, Plain: true, Now: clock, In: in, Out: r.heard, Replies: []string{"I will call you back."}}
		if change != nil {
			change(r.phone, &cfg)
		}
		done := make(chan error)
		go func() { done <- Run(context.Background(), cfg) }()
		r.phone.snapshot()
		synctest.Wait()
		story(r)
		typed.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
}

func (r *reading) types(lines ...string) {
	for _, line := range lines {
		io.WriteString(r.typed, line+"\n")
		synctest.Wait()
	}
}

func (r *reading) hears(words ...string) {
	r.t.Helper()
	for _, w := range words {
		if !strings.Contains(r.heard.String(), w) {
			r.t.Errorf("nothing says %q in:\n%s", w, r.heard)
		}
	}
}

func (r *reading) asked(want string) {
	r.t.Helper()
	if !containsString(r.phone.wishes(), want) {
		r.t.Errorf("the phone was asked %q, not %q", r.phone.wishes(), want)
	}
}

func TestPlainSaysHowThingsStand(t *testing.T) {
	readAloud(t, nil, func(r *reading) {
		r.hears("Line personal: linked. Ana +44 7700 900123", "2 missed calls. Type recents")
	})
}

func TestPlainAnswersByAWord(t *testing.T) {
	readAloud(t, nil, func(r *reading) {
		r.phone.offer(bruno)
		synctest.Wait()
		r.hears("Bruno Costa is calling, +55 11 91234-5678 Brazil. Type answer, decline")
		r.types("answer")
		r.asked("answer c1")
		r.phone.media("c1")
		synctest.Wait()
		r.hears("Bruno Costa: answered, no sound yet.", "Bruno Costa: talking.")
		r.types("mute", "level", "keys 12#", "record", "note invoice paid", "status")
		r.asked("mute c1 true")
		r.asked("digits c1 12#")
		r.asked("note c1 invoice paid")
		r.hears("your microphone is off.", "You -24 dB, they -14 dB.", "recording.", "Quality good. loss 0.4%, jitter 12 ms")
		r.types("end")
		r.hears("Bruno Costa: The call ended.")
	})
}

func TestPlainDeclinesWithAMessage(t *testing.T) {
	for typed, want := range map[string]string{"message 1": "reject c1 I will call you back.", "t on a train": "reject c1 on a train", "d": "reject c1"} {
		t.Run(typed, func(t *testing.T) {
			readAloud(t, nil, func(r *reading) {
				r.phone.offer(bruno)
				synctest.Wait()
				r.types(typed)
				r.asked(want)
			})
		})
	}
}

func TestPlainCallsByNumberNameAndListedRow(t *testing.T) {
	for _, tt := range []struct {
		typed []string
		want  string
	}{
		{[]string{"07700 900456"}, "dial  +447700900456"},
		{[]string{"call Bruno Costa"}, "dial  Bruno Costa"},
		{[]string{"contacts pri", "1"}, "dial  +919876543210"},
		{[]string{"recents", "2"}, "dial  +919876543210"},
		{[]string{"redial"}, "dial  +442079460958"},
	} {
		t.Run(tt.typed[0], func(t *testing.T) {
			readAloud(t, nil, func(r *reading) {
				r.types(tt.typed...)
				r.asked(tt.want)
			})
		})
	}
}

func TestPlainSaysWhyNot(t *testing.T) {
	readAloud(t, func(f *fakePhone, _ *Config) { f.refuse["dial"] = phone.LineDown }, func(r *reading) {
		r.types("07700 900456", "112", "answer", "end", "nonsense", "confirm", "yes", "picture", "script", "contacts zzz", "link 12")
		r.hears("Could not call: The line is not connected", "Emergency numbers cannot", "No call is ringing.", "There is no call.",
			`There is no command "nonsense". Type help.`, "There is no question.", "There is no QR code", "No passkey is wanted.", "Nobody fits.", "not a whole number")
	})
}

func TestPlainLinksByCode(t *testing.T) {
	readAloud(t, linkingPhone, func(r *reading) {
		r.hears("The line personal is not linked. Type link NUMBER")
		r.types("link 07700 900456")
		r.asked("link personal 1 +447700900456")
		step := phone.PairingStep{Kind: phone.PairingCode, Text: "K7Q2-9FXM"}
		r.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &step})
		synctest.Wait()
		r.hears("K 7 Q 2 9 F X M")
		confirm := phone.PairingStep{Kind: phone.PairingConfirm, Text: "9F"}
		r.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &confirm})
		synctest.Wait()
		r.types("yes")
		r.asked("confirm personal true")
	})
}

func TestPlainScansInTheDemo(t *testing.T) {
	scanned := ""
	demo := func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.Scan = func(_ context.Context, code string) error { scanned = code; return errors.New("the handset is off") }
	}
	readAloud(t, demo, func(r *reading) {
		step := phone.PairingStep{Kind: phone.PairingScan, Text: linkText, Index: 1, Count: 6}
		r.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &step})
		synctest.Wait()
		r.types("scan")
		r.hears("The line personal is not linked. Type scan", "QR code 1 of 6 is ready. Type scan", "Could not scan the code: the handset is off.")
		if scanned != linkText {
			t.Errorf("scanned %q", scanned)
		}
		if strings.Contains(r.heard.String(), "2@Ab3dE") {
			t.Error("the secret of the code was written out")
		}
	})
}

func TestPlainWritesNoSequencesWhateverItIsTold(t *testing.T) {
	readAloud(t, nil, func(r *reading) {
		evil := phone.Party{LID: "1", PushName: "\x1b]0;x\aEve\u202e\r\n"}
		r.phone.offer(evil)
		r.phone.tell(phone.Event{Kind: phone.EventText, Text: &phone.Text{Party: evil, Body: "a\x1b[2Jb\nc"}})
		r.phone.tell(phone.Event{Kind: phone.EventNotice, What: "done\x07"})
		synctest.Wait()
		r.types("status", "devices", "help", "test")
		for _, c := range r.heard.String() {
			if c < ' ' && c != '\n' || c == '\u202e' || c == '\u009b' {
				t.Fatalf("%q was written", c)
			}
		}
	})
}

func TestPlainLeavesWhenTheInputEnds(t *testing.T) {
	readAloud(t, nil, func(*reading) {})
}

func TestPlainScansAsSoonAsThereIsACode(t *testing.T) {
	scanned := ""
	demo := func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.Scan = func(_ context.Context, code string) error { scanned = code; return nil }
	}
	readAloud(t, demo, func(r *reading) {
		r.types("scan")
		r.asked("link personal 0")
		step := phone.PairingStep{Kind: phone.PairingScan, Text: linkText}
		r.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &step})
		synctest.Wait()
		if scanned != linkText {
			t.Errorf("scanned %q", scanned)
		}
	})
}

func TestPlainPlaysVoicemail(t *testing.T) {
	readAloud(t, withVoicemail, func(r *reading) {
		r.hears("1 new voicemail. Type voicemail")
		r.types("voicemail")
		r.hears("1. Bruno Costa, today 12:21, 00:20, not heard yet", "2. Sam (work), sunday 20:41, 00:20")
		r.types("1")
		r.asked("play recording c8")
		r.hears("The recording plays.")
		r.types("stop")
		r.asked("stop playing")
		r.hears("The recording was stopped.")
	})
}

func TestPlainChangesHowOneIsTreated(t *testing.T) {
	readAloud(t, nil, func(r *reading) {
		r.types("state asleep", "state busy")
		r.hears("one of available, busy, away, dnd", "You are busy.")
		r.asked("presence busy")
	})
}

func TestPlainSaysThatAScreenedCallWaits(t *testing.T) {
	for word, wish := range map[string]string{"answer": "answer c1", "decline": "hang up c1"} {
		readAloud(t, nil, func(r *reading) {
			id := r.phone.offer(bruno)
			r.phone.change(id, phone.EventChanged, "screened", func(c *phone.Call) {
				c.Listening, c.Silenced, c.State, c.Answered, c.Deadline = true, true, phone.Established, storyTime, storyTime.Add(30*time.Second)
			})
			synctest.Wait()
			r.hears("Bruno Costa has told the machine what it is about and waits 30 s.")
			r.types(word)
			r.asked(wish)
		})
	}
}

func TestPlainSaysWhatACustomerPressedAndCallsFromTheShop(t *testing.T) {
	readAloud(t, shopPhone, func(r *reading) {
		id := r.phone.newID()
		r.phone.change(id, phone.EventOffer, "", func(c *phone.Call) {
			*c = phone.Call{
				ID: id, Line: "shop", LineKind: phone.BusinessLine, MediaEnd: "Meta", Payload: "sales", Direction: phone.Inbound,
				Party: bruno, State: phone.Incoming, Started: storyTime, AnswerBy: storyTime.Add(30 * time.Second),
			}
		})
		synctest.Wait()
		r.hears("It is for the line shop, decrypted at Meta.", "They pressed sales.", "Answer within 30 s.")
		r.types("from nowhere", "from shop", "call 020 7946 0958")
		r.hears(`There is no line "nowhere".`, "Calls go out on shop.")
		r.asked("dial shop +442079460958")
	})
}
