package phone_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

// story is a phone with one line, and a far line that is driven by hand, in
// virtual time.
type story struct {
	*phone.Phone
	t         *testing.T
	net       *phonetest.Network
	ours      *phonetest.Line
	far       *linetest.Driver
	third     *linetest.Driver
	store     phone.Store
	quit      func()
	quitPhone func()

	mu     sync.Mutex
	events []phone.Event
}

const (
	ourNumber   = "+441632960001"
	farNumber   = "+441632960002"
	thirdNumber = "+441632960003"
)

// tell runs a story. change may alter the configuration before the phone runs.
func tell(t *testing.T, change func(*phone.Config), plot func(*story)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &story{t: t, net: phonetest.NewNetwork()}
		s.net.MediaAtAnswer = true
		s.ours = s.net.NewLine("home", ourNumber)
		s.far = linetest.Drive(t, s.net.NewLine("Ada", farNumber), time.Minute)
		s.third = linetest.Drive(t, s.net.NewLine("Bob", thirdNumber), time.Minute)
		cfg := phone.Config{Lines: []phone.Line{s.ours}, Region: "GB", Store: phone.NewMemory()}
		if change != nil {
			change(&cfg)
		}
		s.start(cfg)
		defer func() { s.quit() }() // also when the plot fails
		plot(s)
	})
}

// start runs a phone until quit.
func (s *story) start(cfg phone.Config) {
	s.Phone, s.store = phone.New(cfg), cfg.Store
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	go s.watch(s.Watch(ctx))
	s.quitPhone = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("Run returned %v", err)
		}
		synctest.Wait()
	})
	s.quit = sync.OnceFunc(func() {
		s.quitPhone()
		s.far.Stop()
		s.third.Stop()
		synctest.Wait()
	})
	s.pass(0)
}

func (s *story) watch(events <-chan phone.Event) {
	for e := range events {
		s.mu.Lock()
		s.events = append(s.events, e)
		s.mu.Unlock()
	}
}

// pass lets time pass, and then everything settle.
func (s *story) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// step is enough for anything to travel to the other side and back.
const step = 100 * time.Millisecond

func (s *story) ctx() context.Context { return s.t.Context() }

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	s.pass(step)
}

// dial calls a number and returns the call.
func (s *story) dial(who string) phone.Call {
	s.t.Helper()
	c, err := s.Dial(s.ctx(), "", who)
	s.must(err)
	return c
}

// ringFrom has a far line call us and returns its leg and our call.
func (s *story) ringFrom(far *linetest.Driver) (phone.Leg, phone.Call) {
	s.t.Helper()
	leg, err := far.Line.Dial(s.ctx(), "", phone.Party{Number: ourNumber}, phone.DialOptions{})
	s.must(err)
	calls := s.Calls()
	if len(calls) == 0 {
		return leg, phone.Call{}
	}
	return leg, calls[len(calls)-1]
}

// talk has the far line call us, answers, and returns both ends.
func (s *story) talk(far *linetest.Driver) (phone.Leg, phone.Call) {
	s.t.Helper()
	leg, c := s.ringFrom(far)
	s.must(s.Answer(s.ctx(), c.ID))
	s.is(c.ID, phone.Established)
	return leg, s.call(c.ID)
}

func (s *story) call(id string) phone.Call {
	s.t.Helper()
	c, ok := s.Call(id)
	if !ok {
		s.t.Fatalf("call %s does not live", id)
	}
	return c
}

// is checks a call's state.
func (s *story) is(id string, want phone.State) {
	s.t.Helper()
	if got := s.call(id).State; got != want {
		s.t.Errorf("call %s is %v, want %v", id, got, want)
	}
}

// ended checks how a call went into the log.
func (s *story) ended(id string, cause phone.Cause, outcome phone.Outcome) phone.LogEntry {
	s.t.Helper()
	if _, lives := s.Call(id); lives {
		s.t.Fatalf("call %s still lives", id)
	}
	e := s.entry(id)
	if e.Cause != cause || e.Outcome != outcome {
		s.t.Errorf("call %s ended with %v and is %q, want %v and %q", id, e.Cause, e.Outcome, cause, outcome)
	}
	return e
}

func (s *story) entry(id string) phone.LogEntry {
	s.t.Helper()
	entries, err := s.Log(s.ctx(), phone.Query{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		if e.ID == id {
			return e
		}
	}
	s.t.Fatalf("call %s is not in the log of %d calls", id, len(entries))
	return phone.LogEntry{}
}

// seen are the events of one call, as "kind" or "kind:what", without the
// snapshot.
func (s *story) seen(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kinds []string
	for _, e := range s.events {
		if e.Call == nil || e.Call.ID != id || e.Replayed {
			continue
		}
		k := strings.TrimPrefix(string(e.Kind), "call.")
		switch {
		case e.Kind == phone.EventState:
			k += ":" + e.Call.State.String()
		case e.What != "":
			k += ":" + e.What
		}
		kinds = append(kinds, k)
	}
	return kinds
}

func (s *story) saw(id string, want ...string) {
	s.t.Helper()
	if got := s.seen(id); !slices.Equal(got, want) {
		s.t.Errorf("events of %s:\n got %v\nwant %v", id, got, want)
	}
}

func (s *story) noticed(part string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.events, func(e phone.Event) bool {
		return e.Kind == phone.EventNotice && strings.Contains(e.What, part)
	})
}

// redrive runs a far line again after the phone was replaced.
func redrive(s *story, d *linetest.Driver) *linetest.Driver {
	return linetest.Drive(s.t, d.Line, time.Minute)
}
