package portaudio

import (
	"bufio"
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"tring/audio/bystander"
)

const (
	// settleTime lets the events of one plug, about a dozen, become one refresh.
	settleTime = 200 * time.Millisecond
	rarely     = 16 * time.Second
	cardFolder = "/dev/snd"
)

// follow refreshes the list when the system says that devices came or went,
// until ctx ends.
func (s *System) follow(ctx context.Context) {
	s.running.Go(func() { serverHints(ctx, s.hints) })
	s.running.Go(func() { cardHints(ctx, s.hints) })
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.hints:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(settleTime):
		}
		if err := s.settle(); err != nil {
			s.log.Warn("portaudio: the list of devices was not refreshed", "error", err)
		}
	}
}

// settle refreshes the list and moves devices to better ports.
func (s *System) settle() error {
	s.mu.Lock()
	err := s.refresh()
	news := err == nil && !slices.Equal(s.settled, s.ports)
	if news {
		s.settled = s.ports
		for _, d := range s.devices {
			d.improve()
		}
	}
	ports := slices.Clone(s.ports)
	s.mu.Unlock()
	if s.changed != nil && news {
		s.changed(ports)
	}
	return err
}

func hint(hints chan<- struct{}) {
	select {
	case hints <- struct{}{}:
	default: // one is waiting already
	}
}

// serverHints listens to a PulseAudio server, which may come and go. Where
// there is none, it is looked for ever more rarely.
func serverHints(ctx context.Context, hints chan<- struct{}) {
	pause := retryEvery
	for ctx.Err() == nil {
		began := time.Now()
		subscribe(ctx, hints)
		if pause = min(2*pause, rarely); time.Since(began) > retryEvery {
			pause = retryEvery
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func subscribe(ctx context.Context, hints chan<- struct{}) {
	cmd := exec.CommandContext(ctx, "pactl", "subscribe")
	out, err := cmd.StdoutPipe()
	if err != nil || bystander.Start(cmd) != nil {
		return // no pactl: the server's events stay unknown
	}
	// What changed before the server knew of us is not told; without a server
	// pactl has ended by then.
	missed := time.AfterFunc(settleTime, func() { hint(hints) })
	readEvents(out, hints)
	missed.Stop()
	cmd.Wait()
}

// readEvents reads lines such as "Event 'new' on sink #5". Streams and clients
// that come and go change nothing for us, nor does a volume; the server itself
// changes when another default is chosen.
func readEvents(r io.Reader, hints chan<- struct{}) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		event, what, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "Event "), " on ")
		kind, _, _ := strings.Cut(what, " ")
		device := kind == "sink" || kind == "source"
		if device && event != "'change'" || kind == "server" {
			hint(hints)
		}
	}
}

// cardHints watches the kernel's sound cards, and where there is no card, for
// the first one.
func cardHints(ctx context.Context, hints chan<- struct{}) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return
	}
	defer watcher.Close()
	if watcher.Add(cardFolder) != nil && watcher.Add(filepath.Dir(cardFolder)) != nil {
		return // another system than Linux
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-watcher.Events:
			if event.Name == cardFolder {
				watcher.Add(cardFolder)
			}
			if strings.HasPrefix(event.Name, cardFolder) && (event.Has(fsnotify.Create) || event.Has(fsnotify.Remove)) {
				hint(hints)
			}
		case <-watcher.Errors: // more happened than fitted into the kernel's queue
			hint(hints)
		}
	}
}
