package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// tape is a Source that tells a fixed list of events and then nothing.
type tape []phone.Event

func (t tape) Follow(ctx context.Context, since time.Time) <-chan phone.Event {
	out := make(chan phone.Event)
	go func() {
		defer close(out)
		for _, e := range t {
			if e.At.Before(since) {
				continue
			}
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (t tape) FollowAfter(ctx context.Context, after uint64) <-chan phone.Event {
	for len(t) > 0 && t[0].Seq <= after {
		t = t[1:]
	}
	return t.Follow(ctx, time.Time{})
}

var silent = slog.New(slog.DiscardHandler)

func event(seq uint64, kind phone.EventKind) phone.Event {
	return phone.Event{
		Seq: seq, Kind: kind, At: time.Now().Add(time.Duration(seq) * time.Millisecond),
		Call: &phone.Call{ID: "c7", Party: phone.Party{PushName: "Eve $(reboot) `id`"}},
	}
}

func TestACommandGetsTheEventOnStandardInputAndNeverInItsWords(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "hook")
	write(t, script, "#!/bin/sh\ncat >"+dir+"/stdin\nprintf '%s|%s|%s' \"$#\" \"$TRING_EVENT\" \"$TRING_CALL_NAME\" >"+dir+"/env\n")
	Command{Words: []string{script}, Log: silent}.Run(t.Context(), tape{event(1, phone.EventOffer)})

	var got phone.Event
	if err := json.Unmarshal([]byte(read(t, dir+"/stdin")), &got); err != nil || got.Call.ID != "c7" {
		t.Errorf("standard input was %q (%v)", read(t, dir+"/stdin"), err)
	}
	if want := "0|call.offer|~Eve $(reboot) `id`"; read(t, dir+"/env") != want {
		t.Errorf("environment was %q, want %q", read(t, dir+"/env"), want)
	}
}

func TestACommandThatFailsIsLoggedWithItsOutput(t *testing.T) {
	var log strings.Builder
	c := Command{Words: []string{"/bin/sh", "-c", "echo the disk is full; exit 3"}, Log: slog.New(slog.NewTextHandler(&log, nil))}
	c.Run(t.Context(), tape{event(1, phone.EventOffer)})
	if !strings.Contains(log.String(), "exit status 3") || !strings.Contains(log.String(), "the disk is full") {
		t.Errorf("log: %s", log.String())
	}
}

func TestOfWhatACommandPrintsTheEndIsKept(t *testing.T) {
	var out tail
	all := strings.Repeat("0123456789", 1000)
	for rest := all; rest != ""; {
		n := min(len(rest), 1+len(rest)%700)
		if wrote, err := out.Write([]byte(rest[:n])); wrote != n || err != nil {
			t.Fatalf("%d of %d bytes, %v", wrote, n, err)
		}
		rest = rest[n:]
	}
	if string(out) != all[len(all)-maxTail:] || cap(out) > 4*maxTail {
		t.Errorf("%d bytes in %d are kept: %q", len(out), cap(out), out)
	}
}

func TestACommandThatPrintsMuchIsLoggedBriefly(t *testing.T) {
	var log strings.Builder
	c := Command{Words: []string{"/bin/sh", "-c", "yes | head -c 3000000; echo the end; exit 3"}, Log: slog.New(slog.NewTextHandler(&log, nil))}
	c.Run(t.Context(), tape{event(1, phone.EventOffer)})
	if !strings.Contains(log.String(), "the end") || log.Len() > 4*maxTail {
		t.Errorf("%d bytes are logged: %.2000s", log.Len(), log.String())
	}
}

func TestAWebhookIsSignedRetriedAndResumedWhereItStopped(t *testing.T) {
	secret := []byte("s3cret")
	var seen []string
	refuse := 1
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Tring-Signature") != Sign(secret, r.Header.Get("Tring-Timestamp"), body) {
			t.Errorf("signature %q does not fit", r.Header.Get("Tring-Signature"))
		}
		if refuse > 0 {
			refuse--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var e phone.Event
		json.Unmarshal(body, &e)
		seen = append(seen, string(e.Kind))
	}))
	defer server.Close()
	hook := Webhook{
		URL: server.URL, Secret: secret, Cursor: filepath.Join(t.TempDir(), "cursor"), Log: silent,
		Events: Names{string(phone.EventOffer), string(phone.EventEnded)},
	}
	all := tape{event(1, phone.EventOffer), event(2, phone.EventState), event(3, phone.EventEnded)}

	hook.Run(t.Context(), all[:1])
	hook.Run(t.Context(), all)
	if got := strings.Join(seen, " "); got != "call.offer call.ended" {
		t.Errorf("delivered %q, want each selected event once, in order", got)
	}
}

func TestAnExpiredEventDoesNotBlockTheNext(t *testing.T) {
	var delivered int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Tring-Event") == string(phone.EventOffer) {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		delivered++
	}))
	defer server.Close()
	hook := Webhook{URL: server.URL, Cursor: filepath.Join(t.TempDir(), "cursor"), Expire: time.Nanosecond, Log: silent}
	old := event(1, phone.EventOffer)
	old.At = time.Now().Add(time.Millisecond)
	hook.Run(t.Context(), tape{old, event(2, phone.EventEnded)})
	if delivered != 1 {
		t.Errorf("%d events delivered after the expired one, want 1", delivered)
	}
}

func TestAReceiversAddressIsNotLogged(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	var logged bytes.Buffer
	hook := Webhook{
		URL: closed.URL + "/in?token=secret", Cursor: filepath.Join(t.TempDir(), "cursor"), Expire: time.Nanosecond,
		Log: slog.New(slog.NewTextHandler(&logged, nil)),
	}
	old := event(1, phone.EventOffer)
	old.At = time.Now().Add(time.Millisecond) // a new webhook begins now
	hook.Run(t.Context(), tape{old})
	if said := logged.String(); strings.Contains(said, "secret") || !strings.Contains(said, "gave an event up") {
		t.Errorf("logged %q", said)
	}
}

// TestAnEventIsNotLostWhenNothingWasDeliveredBefore kills a new webhook that
// could not deliver anything yet.
func TestAnEventIsNotLostWhenNothingWasDeliveredBefore(t *testing.T) {
	down := true
	var delivered []string
	ctx, kill := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			kill()
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		delivered = append(delivered, r.Header.Get("Tring-Event"))
	}))
	defer server.Close()
	hook := Webhook{URL: server.URL, Cursor: filepath.Join(t.TempDir(), "cursor"), Log: silent}
	all := tape{event(1, phone.EventOffer), event(2, phone.EventEnded)}
	hook.Run(ctx, all)
	down = false
	hook.Run(t.Context(), all)
	if got := strings.Join(delivered, " "); got != "call.offer call.ended" {
		t.Errorf("delivered %q", got)
	}
}

// TestWhatIsToldBeginsNowThoughTheClockWasSetBack has three events of before,
// of a time that is yet to come by today's clock.
func TestWhatIsToldBeginsNowThoughTheClockWasSetBack(t *testing.T) {
	var all tape
	for seq := range uint64(4) {
		all = append(all, event(seq+1, phone.EventOffer))
	}
	for i := range 3 {
		all[i].At = time.Now().Add(time.Hour)
	}
	var delivered []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var e phone.Event
		json.Unmarshal(body, &e)
		delivered = append(delivered, fmt.Sprint(e.Seq))
	}))
	defer server.Close()
	hook := Webhook{URL: server.URL, After: 3, Cursor: filepath.Join(t.TempDir(), "cursor"), Log: silent}
	hook.Run(t.Context(), all)
	all = append(all, event(5, phone.EventEnded))
	hook.After = 4
	hook.Run(t.Context(), all)
	if got := strings.Join(delivered, " "); got != "4 5" {
		t.Errorf("the webhook delivered %q, want 4 and, after a restart, 5", got)
	}

	heard := filepath.Join(t.TempDir(), "heard")
	Command{Words: []string{"/bin/sh", "-c", "echo $TRING_EVENT >>" + heard}, After: 4, Log: silent}.Run(t.Context(), all)
	if got := read(t, heard); got != "call.ended\n" {
		t.Errorf("the command heard %q", got)
	}
}

func TestACursorKnowsWhatIsDone(t *testing.T) {
	noon := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	c := cursor{Seq: 7, At: noon}
	for _, x := range []struct {
		what string
		seq  uint64
		at   time.Time
		want bool
	}{
		{"the one before", 6, noon.Add(-time.Second), true},
		{"itself", 7, noon, true},
		{"the next", 8, noon, false},
		{"the next, after the clock was set back", 8, noon.Add(-time.Hour), false},
		{"the first of a new log", 1, noon.Add(time.Minute), false},
	} {
		if got := c.done(phone.Event{Seq: x.seq, At: x.at}); got != x.want {
			t.Errorf("%s: done is %v, want %v", x.what, got, x.want)
		}
	}
}

func TestACommandStillHearsOfTheEndWhenThePhoneEnds(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Command{Words: []string{"/bin/sh", "-c", "echo $TRING_EVENT >>" + dir + "/heard"}, Log: silent}.
		Run(ctx, tape{event(1, phone.EventOffer), event(2, phone.EventEnded)})
	if got := read(t, dir+"/heard"); got != "call.offer\ncall.ended\n" {
		t.Errorf("it heard %q", got)
	}
}

func TestABrokenCursorFileIsSaidAndNotFatal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cursor")
	write(t, path, "{half")
	if _, err := readCursor(path, cursor{At: time.Now()}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v does not name the file", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
