package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// sayEmpty tells a person at a terminal why a list has no rows. A pipe gets the
// empty list, which is what a script asked for.
func sayEmpty(w io.Writer, words string) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintln(w, words)
	}
}
