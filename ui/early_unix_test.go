//go:build unix

package ui

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is a pseudo terminal and what was written to it.
type terminal struct {
	master, slave *os.File

	mu    sync.Mutex
	bytes bytes.Buffer
	first time.Time // when something was written first
}

func openTerminal(t testing.TB) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(slave, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	term := &terminal{master: master, slave: slave}
	t.Cleanup(func() { master.Close(); slave.Close() })
	go func() {
		part := make([]byte, 1<<16)
		for {
			n, err := master.Read(part)
			if err != nil {
				return
			}
			term.mu.Lock()
			if term.first.IsZero() {
				term.first = time.Now()
			}
			term.bytes.Write(part[:n])
			term.mu.Unlock()
		}
	}()
	return term
}

func (t *terminal) written() (string, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bytes.String(), t.first
}

// until waits for words on the terminal.
func (t *terminal) until(tb testing.TB, words string) string {
	tb.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if all, _ := t.written(); strings.Contains(all, words) {
			return all
		}
	}
	all, _ := t.written()
	tb.Fatalf("%q never came; the terminal has %q", words, all)
	return ""
}

// showOn runs the screens on a terminal until they are stopped.
func showOn(t testing.TB, term *terminal, environ ...string) (stop func()) {
	f := storyPhone(time.Now)
	f.contacts = append(f.contacts, manyContacts(10_000)...)
	f.snapshot()
	ctx, cancel := context.WithCancel(context.Background())
	in, _ := io.Pipe() // the library reads on after its end, when a terminal would be closed already
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Config{Phone: f, In: in, Out: term.slave, Environ: append(environ, "TERM=xterm-256color")})
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func TestTheFirstFrameDoesNotWaitForTheLibrary(t *testing.T) {
	term := openTerminal(t)
	showOn(t, term, "COLORTERM=truecolor")
	all := term.until(t, "Bruno Costa")
	early, rest, found := strings.Cut(all, "\x1b[2J") // the library draws everything again
	if !found || !strings.Contains(early, "tring") || !strings.Contains(early, "+44") || strings.Contains(early, "no calls yet") {
		t.Errorf("first %q, then %q", early, rest)
	}
	if strings.Index(all, "\x1b[?1049h") > strings.Index(all, "tring") {
		t.Error("the first frame is on the shell's screen")
	}
}

func TestTheShellsScreenComesBack(t *testing.T) {
	term := openTerminal(t)
	stop := showOn(t, term)
	term.until(t, "Bruno Costa")
	stop()
	all := term.until(t, "\x1b[?1049l")
	if strings.LastIndex(all, "\x1b[?25h") < strings.Index(all, "\x1b[?25l") {
		t.Error("the cursor stays hidden")
	}
}

func TestTheFirstFrameKeepsToTheTerminalsColours(t *testing.T) {
	for environ, forbidden := range map[string]string{"NO_COLOR=yes": "38;", "COLORTERM=": "38;2;"} {
		term := openTerminal(t)
		showOn(t, term, environ)
		early, _, _ := strings.Cut(term.until(t, "Bruno Costa"), "\x1b[2J")
		if strings.Contains(early, forbidden) {
			t.Errorf("with %s: %q", environ, early)
		}
	}
}

// BenchmarkFirstFrame is the time until a terminal is told to draw.
func BenchmarkFirstFrame(b *testing.B) {
	var took time.Duration
	for b.Loop() {
		term := openTerminal(b)
		begun := time.Now()
		showOn(b, term)
		term.until(b, "tring")
		_, first := term.written()
		took += first.Sub(begun)
	}
	b.ReportMetric(float64(took.Microseconds())/1000/float64(b.N), "ms/frame")
}
