package cloud

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
)

var ana = phone.Party{Number: "+15550100301"}

func newBook(t *testing.T, dir string) *book {
	t.Helper()
	b, err := openBook(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func save(t *testing.T, b *book) {
	t.Helper()
	if err := b.save(); err != nil {
		t.Fatal(err)
	}
}

func TestTwoProcessesShareTheBook(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	phones, command := newBook(t, dir), newBook(t, dir)
	bob := phone.Party{Number: "+15550100302"}
	phones.learn(bob, now)
	command.asked(ana, now)
	save(t, command)
	if got := phones.look(ana); len(got.Asked) != 1 {
		t.Errorf("the phone does not see the request of the command: %+v", got)
	}
	save(t, phones)
	for name, b := range map[string]*book{"command": command, "phone": phones, "next run": newBook(t, dir)} {
		if len(b.all()) != 2 || len(b.look(ana).Asked) != 1 || b.look(bob).Seen.IsZero() {
			t.Errorf("%s: %+v", name, b.all())
		}
	}
}

func TestTheNewerOfTwoChangesStays(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	one, other := newBook(t, dir), newBook(t, dir)
	one.permits(ana, "temporary", now.Add(time.Hour))
	save(t, one)
	other.permits(ana, "permanent", time.Time{})
	one.unanswered(ana)
	save(t, other)
	save(t, one)
	if got := newBook(t, dir).look(ana); got.Unanswered != 1 || got.Permission != "temporary" {
		t.Errorf("%+v", got)
	}
}

func TestADamagedBookIsKeptAndSaid(t *testing.T) {
	dir := t.TempDir()
	b := newBook(t, dir)
	if err := os.WriteFile(b.path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openBook(dir, b.log); err == nil {
		t.Error("it was opened")
	}
	b.learn(ana, time.Now())
	if err := b.save(); err == nil {
		t.Error("somebody's file was written over")
	}
}

func TestABookThatCouldNotBeSavedIsSavedLater(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, dir)
		inTheWay(t, b.path+".lock", func() {
			b.learn(ana, now)
			time.Sleep(2 * saveAfter)
		})
		time.Sleep(2 * saveAgain)
		if newBook(t, dir).look(ana).Seen.IsZero() {
			t.Error("a change was never written")
		}
	})
}

func TestAChangeThatCouldNotBeWrittenStays(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	one, other := newBook(t, dir), newBook(t, dir)
	one.learn(ana, now)
	inTheWay(t, one.path+".new", func() {
		if one.save() == nil {
			t.Error("nothing was in the way")
		}
	})
	other.learn(phone.Party{Number: "+15550100302"}, now)
	save(t, other)
	if one.look(ana).Seen.IsZero() {
		t.Error("it was lost when another process wrote the file")
	}
	save(t, one)
	if all := newBook(t, dir).all(); len(all) != 2 {
		t.Errorf("%+v", all)
	}
}

func TestABookWithNothingNewTouchesNoFile(t *testing.T) {
	dir := t.TempDir()
	save(t, newBook(t, dir))
	if files, err := os.ReadDir(dir); len(files) > 0 || err != nil {
		t.Errorf("%v, %v", files, err)
	}
}

// inTheWay has a folder where a file must be written, while f runs.
func inTheWay(t *testing.T, path string, f func()) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	f()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestTheBookForgetsWhomItSawLeast(t *testing.T) {
	b, now := newBook(t, t.TempDir()), time.Now()
	for i := range maxCustomers + 3 {
		b.learn(phone.Party{Number: fmt.Sprintf("+1555%07d", i)}, now.Add(time.Duration(i)))
	}
	if all := b.all(); len(all) != maxCustomers || !b.look(phone.Party{Number: "+15550000002"}).Seen.IsZero() || b.look(phone.Party{Number: "+15550000003"}).Seen.IsZero() {
		t.Errorf("%d people", len(all))
	}
	save(t, b)
}

func TestThePickupRateSurvivesARestart(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	g := openGauge(dir)
	g.note(now.Add(-8*day), true)
	for i := range 5 {
		if _, low := g.note(now, false); low != (i == 4) {
			t.Errorf("call %d: low is %v", i+1, low)
		}
	}
	if err := g.save(); err != nil {
		t.Fatal(err)
	}
	if p := openGauge(dir).rate(now); p != (phone.Pickup{Offered: 5, Answered: 0, Low: true}) {
		t.Errorf("%+v", p)
	}
	if p, low := g.note(now, true); low || p.Answered != 1 {
		t.Errorf("%+v, %v", p, low)
	}
}

func TestAPermissionRunsOutByOurClock(t *testing.T) {
	now := time.Now()
	c := Customer{Permission: "temporary", Until: now.Add(time.Hour), FreeUntil: now.Add(time.Minute)}
	l := DefaultLimits()
	if p := c.permission(l, now); p.State != phone.PermissionTemporary || p.Refused != "" || p.TextsUntil.IsZero() {
		t.Errorf("%+v", p)
	}
	if p := c.permission(l, now.Add(time.Hour)); p.State != phone.PermissionNone || !p.TextsUntil.IsZero() {
		t.Errorf("an hour later: %+v", p)
	}
	c.Unanswered = 2
	if p := c.permission(l, now); p.Refused == "" {
		t.Error("after two calls that nobody took it may be called")
	}
	c.Asked = []time.Time{now}
	if p := c.permission(l, now); p.NotAsked == "" {
		t.Error("they may be asked twice a day")
	}
}

func TestNoSixthPermissionIsAskedForInASecond(t *testing.T) {
	l, now := new(pacer), time.Now()
	var turns []time.Duration
	for range 12 {
		turns = append(turns, l.turn(now))
	}
	for i, at := range turns {
		if want := time.Duration(i/perSecond) * time.Second; at != want {
			t.Errorf("question %d waits %v, want %v", i+1, at, want)
		}
	}
	if wait := l.turn(now.Add(time.Minute)); wait != 0 {
		t.Errorf("a minute later it waits %v", wait)
	}
}
