package rules

import (
	"context"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"

	"tring/audio/bystander"
	"tring/phone"
)

const (
	// lookupLimit leaves a decision time to be made before the phone rings
	// without one.
	lookupLimit = 80 * time.Millisecond
	// maxAnswers bounds the remembered answers, maxTags the tags of one.
	maxAnswers = 4096
	maxTags    = 32
)

// lookup asks a local command about callers and remembers the answers. The
// command gets number and name in the environment and prints tags, one a line.
type lookup struct {
	limit   time.Duration
	mu      sync.Mutex
	answers map[string]answer
}

type answer struct {
	tags []string
	at   time.Time
}

func newLookup() *lookup { return &lookup{limit: lookupLimit, answers: map[string]answer{}} }

// ask returns the tags of a caller; none when the command is too slow or fails.
func (l *lookup) ask(ctx context.Context, def Lookup, who phone.Party, log *slog.Logger) []string {
	if tags, ok := l.remembered(who.Key(), def.Keep); ok {
		return tags
	}
	ctx, cancel := context.WithTimeout(ctx, l.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, def.Command[0], def.Command[1:]...)
	cmd.Env = append(bystander.Environ(), "TRING_NUMBER="+who.Number, "TRING_NAME="+who.Display())
	cmd.WaitDelay = 5 * time.Millisecond
	out, err := bystander.Output(cmd)
	if err != nil {
		log.Warn("lookup command gave nothing", "command", def.Command[0], "err", err)
		return nil
	}
	tags := tagsOf(string(out))
	l.remember(who.Key(), tags)
	return tags
}

func tagsOf(out string) (tags []string) {
	for line := range strings.Lines(out) {
		if t := strings.TrimSpace(line); t != "" && len(tags) < maxTags {
			tags = append(tags, t)
		}
	}
	return tags
}

func (l *lookup) remembered(key string, keep time.Duration) ([]string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, ok := l.answers[key]
	return a.tags, ok && time.Since(a.at) < keep
}

func (l *lookup) remember(key string, tags []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.answers) >= maxAnswers {
		clear(l.answers)
	}
	l.answers[key] = answer{tags, time.Now()}
}
