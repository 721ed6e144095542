package calllog_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"tring/phone"
	"tring/phone/calllog"
)

func open(t testing.TB, path string) *calllog.Log {
	t.Helper()
	l, err := calllog.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// stores runs a test on both implementations of phone.Store: they must not
// differ.
func stores(t *testing.T, test func(*testing.T, phone.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, phone.NewMemory()) })
	t.Run("disk", func(t *testing.T) {
		l := open(t, filepath.Join(t.TempDir(), "calls.db"))
		t.Cleanup(func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, l)
	})
}

var kolkata = time.FixedZone("IST", 19800)

// aCall is an ended call with everything in it.
func aCall() phone.Call {
	began := time.Date(2026, 10, 25, 1, 30, 0, 0, kolkata)
	return phone.Call{
		NetworkID: "NET1", Line: "home", LineKind: phone.PersonalLine, Direction: phone.Inbound,
		Party: phone.Party{Number: "+441632960961", LID: "12@lid", Name: "Zoë", Device: "12:3"},
		State: phone.Terminated, Platform: "android", Started: began, Alerted: began.Add(time.Second),
		Answered: began.Add(6 * time.Second), Talking: began.Add(7 * time.Second), Ended: began.Add(66 * time.Second),
		Cause: phone.NormalClearing, Outcome: phone.OutcomeAnswered, Rule: "Friends", Trace: []string{"a friend", "so it rings"},
		Action: phone.ActionRing, Note: "about the dog", Quality: phone.Quality{MOS: 4.2, Loss: 0.01, Codec: "opus 16 kHz 60 ms"},
	}
}

func save(t testing.TB, s phone.Store, c phone.Call) phone.Call {
	t.Helper()
	if err := s.Begin(&c); err != nil {
		t.Fatal(err)
	}
	e := phone.Event{At: c.Started, Kind: phone.EventEnded, Line: c.Line, Call: &c}
	if err := s.Save(&c, &e); err != nil {
		t.Fatal(err)
	}
	return c
}

func get(t testing.TB, s phone.Store, id string) phone.LogEntry {
	t.Helper()
	es, err := s.Calls([]string{id})
	if err != nil || len(es) != 1 {
		t.Fatalf("Calls(%s): %d, %v", id, len(es), err)
	}
	return es[0]
}

func TestACallComesBackWhole(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := save(t, s, aCall())
		got := get(t, s, c.ID)
		if _, offset := got.Started.Zone(); offset != 19800 {
			t.Errorf("the offset of the moment is %d s", offset)
		}
		if !got.Started.Equal(c.Started) || !got.Ended.Equal(c.Ended) {
			t.Errorf("times %v … %v", got.Started, got.Ended)
		}
		if got.Party != c.Party || got.Rule != c.Rule || !reflect.DeepEqual(got.Trace, c.Trace) || got.Quality != c.Quality {
			t.Errorf("got %+v", got.Call)
		}
		if got.Cause != c.Cause || got.Outcome != c.Outcome || got.Note != c.Note || got.State != phone.Terminated {
			t.Errorf("got %v, %v, %q, %v", got.Cause, got.Outcome, got.Note, got.State)
		}
	})
}

func TestDigestsAreThoseOfTheCalls(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := save(t, s, aCall())
		living := aCall()
		living.State, living.NetworkID = phone.Established, "NET2"
		save(t, s, living)
		var got []phone.Digest
		if err := s.Digests(func(d phone.Digest) bool { got = append(got, d); return true }); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 {
			t.Fatalf("%d digests, want the one of the ended call", len(got))
		}
		want := phone.DigestOf(phone.LogEntry{Call: c})
		if !got[0].Started.Equal(want.Started) || got[0].Started.Format(time.RFC3339) != want.Started.Format(time.RFC3339) {
			t.Errorf("started %v, want %v", got[0].Started, want.Started)
		}
		got[0].Started = want.Started
		if got[0] != want {
			t.Errorf("got  %+v\nwant %+v", got[0], want)
		}
	})
}

func TestIDsAreNeverUsedTwice(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		one := save(t, s, aCall())
		if _, err := s.Forget(one.Party); err != nil {
			t.Fatal(err)
		}
		two := save(t, s, aCall())
		if one.ID == two.ID {
			t.Errorf("%s was given twice", one.ID)
		}
	})
}

func TestKnownFindsACallByTheNetworksID(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := save(t, s, aCall())
		got, known, err := s.Known("home", "NET1")
		if err != nil || !known || got.ID != c.ID {
			t.Errorf("Known: %q, %v, %v", got.ID, known, err)
		}
		for _, other := range [][2]string{{"home", "NET9"}, {"work", "NET1"}, {"home", ""}} {
			if _, known, _ := s.Known(other[0], other[1]); known {
				t.Errorf("knows %v", other)
			}
		}
	})
}

func TestUnendedCallsEndWhenTheyWereLastSeen(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := aCall()
		c.State, c.Ended, c.Outcome = phone.Established, time.Time{}, ""
		c = save(t, s, c)
		last := time.Now().Add(time.Hour).Truncate(time.Millisecond)
		if err := s.Alive([]string{c.ID}, last); err != nil {
			t.Fatal(err)
		}
		open, err := s.Unended()
		if err != nil || len(open) != 1 {
			t.Fatalf("Unended: %d, %v", len(open), err)
		}
		if open[0].ID != c.ID || !open[0].Ended.Equal(last) {
			t.Errorf("%s ended %v, want %v", open[0].ID, open[0].Ended, last)
		}
	})
}

func TestEventsReplay(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		began := time.Now().Truncate(time.Millisecond)
		for i := range 10 {
			e := phone.Event{
				At: began.Add(time.Duration(i) * time.Second), Kind: phone.EventText, Line: "home",
				Text: &phone.Text{Party: phone.Party{Number: "+441632960961"}, Body: fmt.Sprint(i), At: began},
			}
			if err := s.Save(nil, &e); err != nil {
				t.Fatal(err)
			}
		}
		if last, err := s.LastEvent(); err != nil || last != 10 {
			t.Errorf("the last event is %d, %v", last, err)
		}
		some, err := s.Events(0, began.Add(3*time.Second), 4)
		if err != nil || len(some) != 4 || some[0].Text.Body != "3" {
			t.Fatalf("since the third second: %v, %v", some, err)
		}
		rest, err := s.Events(some[3].Seq, time.Time{}, 100)
		if err != nil || len(rest) != 3 || rest[0].Text.Body != "7" {
			t.Errorf("the rest: %d events, %v", len(rest), err)
		}
	})
}

func TestPeople(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		who := phone.Party{Number: "+441632960961", Label: "Zo"}
		for _, note := range []string{"first", "second"} {
			c := phone.Contact{Party: who, Note: note, Favourite: true, Tags: []string{"family"}}
			if err := s.SavePerson(c); err != nil {
				t.Fatal(err)
			}
		}
		people, err := s.People()
		if err != nil || len(people) != 1 || people[0].Note != "second" || people[0].Label != "Zo" || !people[0].Favourite {
			t.Errorf("People: %+v, %v", people, err)
		}
	})
}

func TestLearnNamesCallsThatHadOnlyAnID(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := aCall()
		c.Party = phone.Party{LID: "12@lid"}
		c = save(t, s, c)
		who := phone.Party{LID: "12@lid", Number: "+441632960961"}
		changed, err := s.Learn(who)
		if err != nil || len(changed) != 1 || changed[0] != c.ID {
			t.Fatalf("Learn: %v, %v", changed, err)
		}
		if got := get(t, s, c.ID); got.Party.Number != who.Number {
			t.Errorf("the call is still with %+v", got.Party)
		}
		if again, err := s.Learn(who); err != nil || len(again) != 0 {
			t.Errorf("learning it again changed %v, %v", again, err)
		}
	})
}

func TestForgetLeavesNothingOfAPerson(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := save(t, s, aCall())
		other := aCall()
		other.NetworkID, other.Party = "NET2", phone.Party{Number: "+441632960111"}
		other = save(t, s, other)
		text := phone.Event{At: time.Now(), Kind: phone.EventText, Text: &phone.Text{Party: c.Party, Body: "hello"}}
		if err := s.Save(nil, &text); err != nil {
			t.Fatal(err)
		}
		if err := s.SavePerson(phone.Contact{Party: c.Party}); err != nil {
			t.Fatal(err)
		}
		gone, err := s.Forget(phone.Party{Number: c.Party.Number})
		if err != nil || len(gone) != 1 || gone[0] != c.ID {
			t.Fatalf("Forget: %v, %v", gone, err)
		}
		if es, _ := s.Calls([]string{c.ID, other.ID}); len(es) != 1 || es[0].ID != other.ID {
			t.Errorf("calls left: %v", es)
		}
		if es, _ := s.Events(0, time.Time{}, 100); len(es) != 1 {
			t.Errorf("%d events left, want the one of the other call", len(es))
		}
		if people, _ := s.People(); len(people) != 0 {
			t.Errorf("people left: %v", people)
		}
	})
}

func TestForgottenBytesAreOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	l := open(t, path)
	c := aCall()
	c.Note = "UNFORGETTABLE"
	c = save(t, l, c)
	if _, err := l.Forget(c.Party); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if i := indexOf(raw, "UNFORGETTABLE"); i >= 0 {
		t.Errorf("the note is still in the file at byte %d", i)
	}
}

func indexOf(raw []byte, word string) int {
	for i := range len(raw) - len(word) {
		if string(raw[i:i+len(word)]) == word {
			return i
		}
	}
	return -1
}

func TestSeenAndNotes(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := aCall()
		c.Outcome, c.Cause, c.Answered = phone.OutcomeMissed, phone.Cancelled, time.Time{}
		c = save(t, s, c)
		if err := errors.Join(s.Seen(), s.Annotate(c.ID, "call back")); err != nil {
			t.Fatal(err)
		}
		if got := get(t, s, c.ID); !got.Seen || got.Note != "call back" {
			t.Errorf("seen %v, note %q", got.Seen, got.Note)
		}
		if err := s.Annotate("c999", "x"); !errors.Is(err, phone.ErrNoCall) {
			t.Errorf("a note to no call: %v", err)
		}
	})
}

func TestOneMissedCallIsMarkedAsShown(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := aCall()
		c.Outcome, c.Cause, c.Answered = phone.OutcomeMissed, phone.Cancelled, time.Time{}
		shown, other := save(t, s, c), save(t, s, c)
		talked := save(t, s, aCall())
		if err := errors.Join(s.Shown(shown.ID), s.Shown(talked.ID)); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]bool{shown.ID: true, other.ID: false, talked.ID: false} {
			if got := get(t, s, id); got.Seen != want {
				t.Errorf("%s is seen: %v, want %v", id, got.Seen, want)
			}
		}
	})
}

func TestAVoicemailIsHeardByItself(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		c := aCall()
		c.Outcome, c.Listening = phone.OutcomeVoicemail, true
		heard, other := save(t, s, c), save(t, s, c)
		c.Outcome, c.Cause, c.Answered = phone.OutcomeMissed, phone.Cancelled, time.Time{}
		missed := save(t, s, c)
		if err := errors.Join(s.Heard(heard.ID), s.Heard(missed.ID), s.Heard("c999"), s.Seen()); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]bool{heard.ID: true, other.ID: false, missed.ID: true} {
			if got := get(t, s, id); got.Seen != want {
				t.Errorf("%s is seen: %v, want %v", id, got.Seen, want)
			}
		}
	})
}

func TestPruneRemovesWhatIsOld(t *testing.T) {
	stores(t, func(t *testing.T, s phone.Store) {
		old := save(t, s, aCall())
		young := aCall()
		young.NetworkID, young.Started = "NET2", young.Started.Add(48*time.Hour)
		young = save(t, s, young)
		if err := s.Prune(young.Started.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if es, err := s.Calls([]string{old.ID, young.ID}); err != nil || len(es) != 1 || es[0].ID != young.ID {
			t.Errorf("calls left: %v, %v", es, err)
		}
		if es, err := s.Events(0, time.Time{}, 10); err != nil || len(es) != 1 {
			t.Errorf("%d events left, %v", len(es), err)
		}
	})
}

func TestTheFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tring", "calls.db")
	l := open(t, path)
	save(t, l, aCall())
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := calllog.Open(path); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a file that others may read: %v", err)
	}
}

func TestAFileThatIsNoLogIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	if err := os.WriteFile(path, []byte("this is a shopping list, not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := calllog.Open(path); err == nil {
		l.Close()
		t.Error("it was opened")
	}
}
