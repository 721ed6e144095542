package calllog_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tring/phone"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

// theLog is how the test that runs as a child finds the file.
const theLog = "TRING_TEST_LOG"

// TestChild is no test: it is the phone that TestKilled kills. It makes calls
// for ever and prints every event after it was told.
func TestChild(t *testing.T) {
	path := os.Getenv(theLog)
	if path == "" {
		t.Skip("runs as a child of TestKilled")
	}
	net := phonetest.NewNetwork()
	net.Delay, net.MediaAtAnswer = time.Millisecond, true
	far := linetest.Drive(t, net.NewLine("far", "+441632960002"), time.Minute)
	p := phone.New(phone.Config{Lines: []phone.Line{net.NewLine("home", "+441632960001")}, Store: open(t, path)})
	go p.Run(t.Context())
	go func() {
		out := json.NewEncoder(os.Stdout)
		for e := range p.Watch(t.Context()) {
			out.Encode(e)
		}
	}()
	far.Ready()
	for n := 1; ; {
		if call(t.Context(), p, far, n) {
			n++
		}
	}
}

// call places the n-th call and ends it in one of four ways; false while the
// line is not up yet.
func call(ctx context.Context, p *phone.Phone, far *linetest.Driver, n int) bool {
	c, err := p.Dial(ctx, "", "+441632960002")
	if err != nil {
		time.Sleep(time.Millisecond)
		return false
	}
	leg := far.Offer(n).Leg
	switch n % 4 {
	case 0:
		leg.Release(ctx, phone.Declined)
	case 1:
		p.HangUp(ctx, c.ID)
	case 2:
		leg.Answer(ctx)
		time.Sleep(3 * time.Millisecond)
		p.HangUp(ctx, c.ID)
	case 3:
		leg.Answer(ctx)
		leg.Release(ctx, phone.NormalClearing)
	}
	for len(p.Calls()) > 0 {
		time.Sleep(time.Millisecond)
	}
	return true
}

// TestKilled kills a phone in the middle of its calls, again and again on the
// same log: whatever anybody was told must be in it.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts ten processes")
	}
	path := filepath.Join(t.TempDir(), "calls.db")
	rng := rand.New(rand.NewPCG(1, 2))
	total := 0
	for round := range 10 {
		told := runAndKill(t, path, 20+rng.IntN(150))
		total += len(told)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		checkLog(t, path, told)
	}
	if total < 100 {
		t.Errorf("only %d events were told: the test tested nothing", total)
	}
}

// runAndKill runs the child until it told some events, kills it, and returns
// all that it had told.
func runAndKill(t *testing.T, path string, after int) []phone.Event {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), theLog+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var told []phone.Event
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var e phone.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			break // cut off by the kill
		}
		if told = append(told, e); len(told) == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	child.Wait()
	if len(told) < after {
		t.Fatalf("the child ended after %d events", len(told))
	}
	return told
}

func checkLog(t *testing.T, path string, told []phone.Event) {
	t.Helper()
	l := open(t, path)
	defer l.Close()
	for _, e := range told {
		if e.Call != nil && !e.Replayed && e.Seq == 0 {
			t.Fatalf("%s of %s was told and not stored", e.Kind, e.Call.ID)
		}
		if e.Seq == 0 {
			continue
		}
		stored, err := l.Events(e.Seq-1, time.Time{}, 1)
		if err != nil || len(stored) != 1 || stored[0].Seq != e.Seq || stored[0].Kind != e.Kind {
			t.Fatalf("event %d (%s) was told and is not stored: %v, %v", e.Seq, e.Kind, stored, err)
		}
		if e.Kind != phone.EventEnded {
			continue
		}
		if got := get(t, l, e.Call.ID); got.Outcome != e.Call.Outcome || got.Cause != e.Call.Cause {
			t.Errorf("%s ended as %q and is logged as %q", e.Call.ID, e.Call.Outcome, got.Outcome)
		}
	}
	open, err := l.Unended()
	if err != nil || len(open) > 1 {
		t.Errorf("%d calls are open, %v; there was one at a time", len(open), err)
	}
	if err := whole(l); err != nil {
		t.Error(err)
	}
}

// whole reads every digest: none may be damaged, no id may come twice.
func whole(l phone.CallStore) error {
	seen := map[string]bool{}
	var twice error
	err := l.Digests(func(d phone.Digest) bool {
		if seen[d.ID] {
			twice = fmt.Errorf("%s is in the log twice", d.ID)
		}
		seen[d.ID] = true
		return true
	})
	if err != nil {
		return err
	}
	return twice
}
