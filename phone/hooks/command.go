package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os/exec"
	"time"

	"tring/audio/bystander"
	"tring/phone"
)

const (
	// commandLimit is how long one run of a command may take.
	commandLimit = 10 * time.Second
	// farewell is how long commands may still run when the phone ends: the end
	// of a call that quitting ended is told, too.
	farewell = 3 * time.Second
)

// Command runs a program for every event: the event as JSON on its standard
// input, its main fields in the environment, what it prints in the log. The
// program is started directly, never through a shell, and nothing of the event
// becomes part of its words.
type Command struct {
	Words  []string // program and arguments
	Events Names
	After  uint64 // the last event, by its Seq, that is not told: news begins behind it
	Log    *slog.Logger
}

// Run serves events until the source ends, or a moment after ctx does.
func (c Command) Run(ctx context.Context, from Source) {
	ctx, cancel := outlive(ctx, farewell)
	defer cancel()
	for e := range from.FollowAfter(ctx, c.After) {
		if c.Events.match(e) {
			c.run(ctx, e)
		}
	}
}

// outlive is a context that ends a while after its parent.
func outlive(parent context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(by, cancel) })
	return ctx, func() { stop(); cancel() }
}

func (c Command) run(ctx context.Context, e phone.Event) {
	body, err := json.Marshal(e)
	if err != nil {
		c.Log.Error("event cannot be written", "event", e.Kind, "err", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Words[0], c.Words[1:]...)
	cmd.Env = append(bystander.Environ(), environment(e)...)
	cmd.Stdin = bytes.NewReader(body)
	cmd.WaitDelay = time.Second
	out, err := output(cmd)
	if err != nil {
		c.Log.Warn("hook failed", "command", c.Words[0], "event", e.Kind, "err", err, "output", out)
		return
	}
	c.Log.Debug("hook ran", "command", c.Words[0], "event", e.Kind, "output", out)
}

// output runs a command and returns the end of what it printed.
func output(cmd *exec.Cmd) (string, error) {
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := bystander.Start(cmd); err != nil {
		return "", err
	}
	err := cmd.Wait()
	return string(out), err
}

// environment is the event's main fields for scripts that do not read JSON.
func environment(e phone.Event) []string {
	env := []string{"TRING_EVENT=" + string(e.Kind), "TRING_EVENT_LINE=" + e.Line, "TRING_EVENT_WHAT=" + e.What}
	if e.Call != nil {
		env = append(env, "TRING_CALL="+e.Call.ID, "TRING_CALL_STATE="+e.Call.State.String(),
			"TRING_CALL_NAME="+e.Call.Party.Display(), "TRING_CALL_NUMBER="+e.Call.Party.Number,
			"TRING_CALL_CAUSE="+cause(*e.Call), "TRING_CALL_OUTCOME="+string(e.Call.Outcome))
	}
	return env
}

// cause is why a call ended, empty while it lives.
func cause(c phone.Call) string {
	if c.State != phone.Terminated {
		return ""
	}
	return c.Cause.String()
}

// tail is the end of what a command printed, however much that was.
type tail []byte

// maxTail is how many bytes of it are kept.
const maxTail = 500

func (t *tail) Write(text []byte) (int, error) {
	*t = append(*t, text[max(0, len(text)-maxTail):]...)
	*t = append((*t)[:0], (*t)[max(0, len(*t)-maxTail):]...)
	return len(text), nil
}
