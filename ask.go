package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"golang.org/x/term"
)

// asker asks questions, one a line; secrets are not shown in a terminal.
type asker struct {
	in  *bufio.Reader
	out io.Writer
}

func (q asker) text(question string) string {
	fmt.Fprintf(q.out, "%s: ", question)
	line, _ := q.in.ReadString('\n')
	return strings.TrimSpace(line)
}

// address asks until it gets the address of a server, or nothing.
func (q asker) address(question string) string {
	for {
		answer := q.text(question)
		u, err := url.Parse(answer)
		if answer == "" || err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			return answer
		}
		fmt.Fprintln(q.out, "That is no address; one begins with https://")
	}
}

func (q asker) yes(question string) bool {
	answer := strings.ToLower(q.text(question + " [y/N]"))
	return answer == "y" || answer == "yes"
}

func (q asker) secret(question string) string {
	if !interactive() {
		return q.text(question)
	}
	fmt.Fprintf(q.out, "%s (not shown): ", question)
	value, _ := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(q.out)
	return strings.TrimSpace(string(value))
}

var errUnchanged = errors.New("nothing was changed")

// confirm asks a person; whoever cannot answer has not agreed.
func confirm(in io.Reader, out io.Writer, question string) error {
	fmt.Fprintf(out, "%s [y/N] ", question)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && line == "" {
		fmt.Fprintln(out)
		return usageError{fmt.Errorf("%w: there is nobody to ask; use --yes", errUnchanged)}
	}
	if answer := strings.ToLower(strings.TrimSpace(line)); answer != "y" && answer != "yes" {
		return errUnchanged
	}
	return nil
}
