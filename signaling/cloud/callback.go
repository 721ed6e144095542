package cloud

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// claimName is where the callback that was set before ours is kept, so that a
// crash does not lose it.
const claimName = "callback.before"

// claim points the number's events to us, if a public address is configured.
func (l *Line) claim(ctx context.Context) error {
	want := l.config.PublicURL
	if want == "" {
		return nil
	}
	if err := l.knock(ctx); err != nil {
		return err
	}
	now, err := l.graph.Callbacks(ctx)
	if err != nil || now.Number == want {
		return err
	}
	if err := l.keepClaim(now.Number); err != nil {
		return err
	}
	if err := l.graph.SetCallback(ctx, want, l.config.VerifyToken); err != nil {
		return fmt.Errorf("Meta cannot reach %s; is the tunnel up? %w", want, err)
	}
	return nil
}

// keepClaim notes the address before ours, unless one is noted: after a crash
// that is the right one.
func (l *Line) keepClaim(before string) error {
	f, err := os.OpenFile(l.claimFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the callback before ours cannot be noted: %w", err)
	}
	_, err = f.WriteString(before)
	return errors.Join(err, f.Close())
}

func (l *Line) claimFile() string { return filepath.Join(l.config.Dir, claimName) }

// giveBack puts the callback back that was set before ours.
func (l *Line) giveBack() {
	before, err := os.ReadFile(l.claimFile())
	if err != nil {
		return // nothing was claimed
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := l.graph.SetCallback(ctx, strings.TrimSpace(string(before)), l.config.VerifyToken); err != nil {
		l.config.Log.Warn("the callback could not be put back; it is tried again next time", "error", err)
		return
	}
	if err := os.Remove(l.claimFile()); err != nil {
		l.config.Log.Warn("the note of the former callback could not be removed", "error", err)
	}
}
