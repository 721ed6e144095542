package ui

import (
	"io"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"tring/phone"
)

// The library looks for something to draw ten times a second, which keeps an
// idle screen cheap but would show the first frame only after a tenth of a
// second. So the screens draw that one themselves, before the library starts.

// snapshotWait is how long the first frame waits to know what goes on; the
// phone tells it at once.
const snapshotWait = 10 * time.Millisecond

// drawEarly draws the first frame on a terminal, and has Init draw all of it
// again through the library.
func (r *root) drawEarly(out io.Writer, environ []string) {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return
	}
	w, h, err := term.GetSize(int(file.Fd()))
	if err != nil || w < 1 || h < 1 {
		return
	}
	r.w, r.h, r.now = w, h, r.cfg.Now()
	r.early = tea.Batch(r.happened(snapshotOf(r.events)), tea.ClearScreen)
	r.draw()
	var frame strings.Builder
	for y, row := range strings.Split(r.canvas.render(r.theme), "\n") {
		frame.WriteString(ansi.CursorPosition(1, y+1) + row)
	}
	profile := colorprofile.NewWriter(file, environ)
	if forced, force := profileFor(environ); force {
		profile.Profile = forced
	}
	io.WriteString(file, ansi.SetModeAltScreenSaveCursor+ansi.ResetModeTextCursorEnable)
	io.WriteString(profile, frame.String())
}

// snapshotOf is what the phone tells at the start, as far as it does so in time.
func snapshotOf(events <-chan phone.Event) (told []phone.Event) {
	late := time.After(snapshotWait)
	for {
		select {
		case e, open := <-events:
			if !open {
				return told
			}
			told = append(told, e)
			if e.Kind == phone.EventSnapshot {
				return told
			}
		case <-late:
			return told
		}
	}
}
