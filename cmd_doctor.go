package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tring/phone"
	"tring/phone/control"
)

// finding is what one check found.
type finding struct {
	Check  string `json:"check"`
	Result string `json:"result"` // pass, warn, fail, or ask for what only a person can say
	Found  string `json:"found"`
	Do     string `json:"do,omitempty"` // what to do about it
}

func pass(found string, args ...any) finding {
	return finding{Result: "pass", Found: fmt.Sprintf(found, args...)}
}

func warn(do, found string, args ...any) finding {
	return finding{Result: "warn", Do: do, Found: fmt.Sprintf(found, args...)}
}

func fail(do, found string, args ...any) finding {
	return finding{Result: "fail", Do: do, Found: fmt.Sprintf(found, args...)}
}

// checkup is the list of checks, in the order in which people read them.
func (a *app) checkup() []struct {
	name string
	look func(context.Context) finding
} {
	return []struct {
		name string
		look func(context.Context) finding
	}{
		{"versions", a.checkVersions},
		{"instance", a.checkInstance},
		{"lock", a.checkLock},
		{"permissions", a.checkPermissions},
		{"secrets", a.checkSecrets},
		{"webhooks", a.checkWebhooks},
		{"disk", a.checkDisk},
		{"rules", a.checkRules},
		{"terminal", a.checkTerminal},
		{"sound devices", a.checkDevices},
		{"sound loop", a.checkLoop},
		{"link", a.checkLink},
		{"calling", a.checkCalling},
		{"network", a.checkNetwork},
		{"clock", a.checkClock},
		{"udp", a.checkUDP},
	}
}

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	var report string
	r := &rehearsal{app: a}
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check everything a call needs, and say what to do", Args: cobra.NoArgs,
		Long: "doctor checks this machine, the configuration, the link and the network.\n\n" +
			"With --call it places one call and tells of every step what was seen: whether the server took\n" +
			"it, what rang, which relay carries the sound, what was heard both ways, how it ended, and which\n" +
			"setting to turn where it went wrong. It speaks beeps, so that the other side can say what came\n" +
			"through. The report has no numbers, names or keys; docs/live-checklist.md explains it.",
		Example: "  tring doctor --report findings.txt\n  tring doctor --call Mum --for 30s\n" +
			"  tring doctor --call Mum --set choices.caller_codec=plain",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.who != "" {
				r.script.app, r.script.out, r.script.asJSON = a, cmd.OutOrStdout(), asJSON
				return a.rehearse(cmd.Context(), r, report)
			}
			findings := a.examine(cmd.Context(), cmd.OutOrStdout(), asJSON)
			if report != "" {
				if err := writeReport(report, findings, ""); err != nil {
					return err
				}
			}
			return rehearsed(nil, findings)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "one JSON object per check")
	f.StringVar(&report, "report", "", "also write the findings, numbers masked, to this file")
	f.StringVar(&r.who, "call", "", "place one call to this person, and tell what happens in it")
	f.DurationVar(&r.lasting, "for", 15*time.Second, "how long to talk in that call")
	f.StringVar(&r.script.line, "line", "", "the personal line to call from")
	f.BoolVar(&r.script.yes, "yes", false, "do not ask before calling strangers, at night or again and again")
	return cmd
}

func (a *app) examine(ctx context.Context, out io.Writer, asJSON bool) (findings []finding) {
	for _, c := range a.checkup() {
		f := c.look(ctx)
		f.Check = c.name
		findings = append(findings, f)
		f.print(out, asJSON)
	}
	for _, f := range a.checkBusinessLines(ctx) {
		findings = append(findings, f)
		f.print(out, asJSON)
	}
	return findings
}

func (f finding) print(out io.Writer, asJSON bool) {
	if asJSON {
		json.NewEncoder(out).Encode(f)
		return
	}
	fmt.Fprintf(out, "%-4s  %-14s %s\n", f.Result, f.Check, f.Found)
	if f.Do != "" {
		fmt.Fprintf(out, "      %-14s -> %s\n", "", f.Do)
	}
}

// redacted is a text that somebody may be shown: without numbers and without
// the user's name in paths.
func redacted(text string) string {
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		text = strings.ReplaceAll(text, home, "~")
	}
	return phone.MaskText(text)
}

// writeReport writes the findings and, if a call was placed, what happened in
// it, redacted, for the owner alone.
func writeReport(path string, findings []finding, log string) error {
	var text strings.Builder
	for _, f := range findings {
		line := strings.TrimSpace(fmt.Sprintf("%s  %s: %s  %s", f.Result, f.Check, f.Found, f.Do))
		if f.Check != "versions" { // whose dates look like numbers of people
			line = redacted(line)
		}
		fmt.Fprintln(&text, line)
	}
	if log != "" {
		fmt.Fprintf(&text, "\n%s", redacted(log))
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Chmod(0o600); err != nil { // it may have been there before
		return err
	}
	_, err = file.WriteString(text.String())
	return err
}

func (a *app) checkVersions(context.Context) finding {
	return pass("%s", strings.ReplaceAll(versionText(), "\n", ", "))
}

func (a *app) checkInstance(context.Context) finding {
	c, err := control.Connect(a.places.Socket())
	if err == nil {
		defer c.Close()
		return pass("running as process %d", c.Greeting.PID)
	}
	if errors.Is(err, control.ErrNotRunning) {
		return pass("not running")
	}
	return fail("end that process and start tring again", "%v", err)
}

func (a *app) checkPermissions(context.Context) finding {
	for _, path := range []string{a.places.Data, a.places.State, a.places.Runtime, a.places.CallLog(), a.places.LogFile()} {
		if err := private(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fail("make it yours alone, as it says", "%v", err)
		}
	}
	return pass("links, log and recordings are readable by you alone")
}

func (a *app) checkDisk(context.Context) finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(a.places.Data, &s); err != nil {
		return warn("", "free space is not known: %v", err)
	}
	free := int(s.Bavail * uint64(s.Bsize) >> 20)
	if floor := a.cfg.Recording.DiskFloorMB; free < floor {
		return fail("free some space; nothing is recorded now", "%d MB free, recording needs %d", free, floor)
	}
	return pass("%d MB free", free)
}

func (a *app) checkRules(context.Context) finding {
	book, err := a.book(nil)
	if err != nil {
		return fail("mend the file; `tring rules lint` checks it", "%v", err)
	}
	if len(book.Warnings) > 0 {
		return warn("tring rules lint", "%d rules, %d warnings", len(book.Rules), len(book.Warnings))
	}
	if len(book.Rules) == 0 {
		return pass("no rules: every call rings")
	}
	return pass("%d rules", len(book.Rules))
}

func (a *app) checkTerminal(context.Context) finding {
	width, height, err := term.GetSize(int(os.Stdout.Fd()))
	name := os.Getenv("TERM")
	switch {
	case err != nil:
		return warn("", "no terminal here (TERM=%s)", name)
	case name == "" || name == "dumb":
		return warn("use --plain", "the terminal cannot draw (TERM=%s)", name)
	case width < 60 || height < 16:
		return warn("make the window 80x24 or larger", "%s, %dx%d", name, width, height)
	}
	return pass("%s, %dx%d, colours %s", name, width, height, orWord(os.Getenv("COLORTERM"), "by name"))
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (a *app) checkDevices(context.Context) finding {
	card := a.openSound()
	defer card.Close()
	list, err := card.devices()
	const silently = "plug in a headset; calls work silently with --set sound.silent=true"
	switch {
	case err != nil:
		return fail(silently, "the sound devices cannot be listed: %v", err)
	case len(list) == 0:
		return fail(silently, "there is no sound device")
	}
	in, out := 0, 0
	for _, d := range list {
		if d.Input {
			in++
		}
		if d.Output {
			out++
		}
	}
	if in == 0 || out == 0 {
		return warn("plug in a headset", "%d microphones, %d speakers", in, out)
	}
	return pass("%d microphones, %d speakers", in, out)
}

// checkLoop plays the echo test's tone and listens for it.
func (a *app) checkLoop(ctx context.Context) finding {
	card := a.openSound()
	defer card.Close()
	if !card.present() {
		return warn("", "not measured: there is no sound device")
	}
	var last phone.EchoTest
	err := a.withPhone(ctx, phone.Config{Sound: card.sound(), Choice: card.choose(a.cfg)}, func(ctx context.Context, p *phone.Phone) error {
		steps, err := p.EchoTest(ctx)
		if err != nil {
			return err
		}
		for last = range steps {
		}
		return last.Err
	})
	if err != nil {
		return warn("tring echo-test", "%v", err)
	}
	return pass("%s", last.Verdict)
}

// checkLimit is how long a check of the network may take.
const checkLimit = 5 * time.Second

func (a *app) checkNetwork(ctx context.Context) finding {
	host := "web.whatsapp.com:443"
	if n := a.network(); n != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(n.ChatURL, "ws://"), "/ws/chat")
		conn, err := net.DialTimeout("tcp", host, checkLimit)
		if err != nil {
			f := offline("the exchange at "+host, err)
			f.Do = "start it: tring exchange"
			return f
		}
		conn.Close()
		return pass("the exchange at %s answers", host)
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	conn, err := (&tls.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return offline("WhatsApp", err)
	}
	conn.Close()
	return pass("WhatsApp can be reached")
}

// checkClock compares with the Date of WhatsApp's web server: a clock that is
// minutes off makes fresh calls look stale.
func (a *app) checkClock(ctx context.Context) finding {
	if a.network() != nil {
		return pass("the exchange runs on this machine's clock")
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, "https://web.whatsapp.com/", nil)
	if err != nil {
		return fail("", "%v", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return warn("", "not compared: %s", offline("WhatsApp", err).Found)
	}
	resp.Body.Close()
	there, err := http.ParseTime(resp.Header.Get("Date"))
	off := time.Since(there).Round(time.Second)
	switch {
	case err != nil:
		return warn("", "not compared: no date in the answer")
	case off.Abs() > 30*time.Second:
		return fail("set the clock, or switch time synchronisation on", "the clock is off by %s", off)
	}
	return pass("off by %s", off)
}
