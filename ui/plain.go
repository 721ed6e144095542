package ui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"tring/phone"
)

// plain is the phone as lines: one for every event, commands by words and
// numbered lists. Nothing is drawn, moved or repeated, so a screen reader reads
// it as it comes and a dumb terminal or a pipe shows all of it.
type plain struct {
	*desk
	out    io.Writer
	done   chan string // what commands that have ended have to say
	listed []listed    // what the numbers of the last list stand for
	linked string      // the line being linked
	quit   bool

	scanNext bool // scan the next code that is shown
}

// listed is one numbered row: what it says and what choosing it does.
type listed struct {
	words  string
	choose func()
}

// wantsPlain reports whether lines serve better than a screen: asked for, a
// dumb terminal, or no terminal at all.
func wantsPlain(cfg Config) bool {
	if cfg.Plain || cfg.In != nil {
		return cfg.Plain
	}
	for _, e := range cfg.Environ {
		if e == "TERM=dumb" {
			return true
		}
	}
	return !term.IsTerminal(int(os.Stdout.Fd()))
}

// runPlain reads commands and tells events until the person quits, the input
// ends, or ctx does.
func runPlain(ctx context.Context, cfg Config) error {
	keys, err := NewKeyMap(cfg.Keys)
	if err != nil {
		return err
	}
	in, out := io.Reader(os.Stdin), io.Writer(os.Stdout)
	if cfg.In != nil {
		in = cfg.In
	}
	if cfg.Out != nil {
		out = cfg.Out
	}
	p := &plain{desk: newDesk(ctx, cfg, keys), out: out, done: make(chan string, 16)}
	p.numbers.ready = true
	p.say("tring. Type help for the commands.")
	return p.loop(cfg.Phone.Watch(ctx), readLines(ctx, in))
}

// readLines hands over what is typed, line by line, and closes at the end.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, 64*1024)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

func (p *plain) loop(events <-chan phone.Event, typed <-chan string) error {
	for !p.quit {
		select {
		case <-p.ctx.Done():
			return nil
		case e, open := <-events:
			if !open {
				return nil
			}
			p.now = p.cfg.Now()
			p.event(e)
		case words, open := <-typed:
			if !open {
				return nil
			}
			p.now = p.cfg.Now()
			p.command(words)
		case words := <-p.done:
			p.say("%s", words)
		}
	}
	return nil
}

// say writes one line; nothing in it can move the cursor.
func (p *plain) say(format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	if words != "" {
		fmt.Fprintln(p.out, phone.CleanLine(words, 500))
	}
}

// wish does something that may wait, and says when it failed.
func (p *plain) wish(what string, f func(ctx context.Context) error) {
	p.later(func(ctx context.Context) string {
		if err := f(ctx); err != nil {
			return sentence("Could not "+what, err)
		}
		return ""
	})
}

// later runs f beside the loop; what it returns is said.
func (p *plain) later(f func(ctx context.Context) string) {
	go func() {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		select {
		case p.done <- f(ctx):
		case <-p.ctx.Done():
		}
	}()
}

// list says numbered rows and remembers what their numbers stand for.
func (p *plain) list(none string, rows []listed) {
	p.listed = rows
	if len(rows) == 0 {
		p.say("%s", none)
	}
	for i, row := range rows {
		p.say("%d. %s", i+1, row.words)
	}
}

// clock writes a moment of the log.
func (p *plain) clock(t time.Time) string {
	return strings.ToLower(dayName(p.now, t.In(p.now.Location()))) + " " + t.In(p.now.Location()).Format("15:04")
}
