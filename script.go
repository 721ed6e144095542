package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

// script is what a call without a screen does.
type script struct {
	line, play, record, digits string
	lasting                    time.Duration
	once, asJSON, yes, first   bool // first asks before every call

	app *app
	out io.Writer
}

func (s *script) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.play, "play", "", "play a WAV or Ogg/Opus file instead of the microphone")
	f.StringVar(&s.record, "record", "", "record to this file, .ogg or .wav; both sides hear a notice")
	f.DurationVar(&s.lasting, "for", 0, "hang up after talking so long")
	f.StringVar(&s.digits, "dtmf", "", "press these keys once it is answered")
	f.BoolVar(&s.asJSON, "json", false, "one JSON object per event")
}

// place calls and follows the call to its end.
func (s *script) place(ctx context.Context, who string) error {
	watch, err := s.app.watch(ctx)
	if err != nil {
		return err
	}
	dialling, cancel := outlive(ctx, goodbye) // a call that is on its way must be hung up, not forgotten
	defer cancel()
	c, err := s.dial(dialling, control.With{Who: who, Line: s.line})
	if errors.Is(err, phone.NotOnNetwork) && !strings.ContainsAny(who, "0123456789") {
		return fmt.Errorf("nobody among your contacts is called %q; `tring contacts` lists them", who)
	}
	if err != nil {
		return err
	}
	ended, err := s.follow(ctx, watch, c.ID)
	if err != nil {
		return err
	}
	return verdict(ended)
}

// dial places the call; where a person should confirm it first, it asks.
func (s *script) dial(ctx context.Context, with control.With) (c phone.Call, err error) {
	err = s.app.remote(ctx, "call", with, &c)
	var doubt *control.Error
	if !errors.As(err, &doubt) || doubt.Code != control.AskFirst {
		return c, err
	}
	with.Yes = "person"
	switch {
	case s.yes && !interactive():
		with.Yes = "program"
	case s.yes:
	case !interactive():
		return c, errors.New(doubt.Message + " Write --yes to call all the same.")
	default:
		if err := s.ask(doubt.Message + " Call now?"); err != nil {
			return c, err
		}
	}
	return c, s.app.remote(ctx, "call", with, &c)
}

var errNotCalled = errors.New("not called")

// askFirst has a person say yes before anything happens, if that was asked for.
// What a link says is a stranger's word: it is shown as it will be dialled.
func (s *script) askFirst(who string) error {
	switch {
	case !s.first:
		return nil
	case !interactive():
		return errors.New("--ask needs a terminal, and somebody at it")
	}
	reading := phone.ReadNumber(who, s.app.cfg.HomeRegion, time.Now())
	return s.ask(fmt.Sprintf("Call %s?", cmp.Or(reading.Pretty, phone.CleanLine(who, 60))))
}

// ask waits for the yes of the person at the terminal.
func (s *script) ask(question string) error {
	fmt.Fprint(s.out, question, " [y/N] ")
	var answer string
	fmt.Scanln(&answer)
	if answer != "y" && answer != "yes" {
		return errNotCalled
	}
	return nil
}

// verdict is the exit of `tring call`: a call that was answered went well.
func verdict(c phone.Call) error {
	if !c.Answered.IsZero() {
		return nil
	}
	return fmt.Errorf("%w", c.Cause)
}

// goodbye is how long hanging up may take after Ctrl-C.
const goodbye = 10 * time.Second

// outlive is a context that ends a while after its parent.
func outlive(parent context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(by, cancel) })
	return ctx, func() { stop(); cancel() }
}

// follow tells what happens to a call and does what was asked once it is
// answered; Ctrl-C hangs up.
func (s *script) follow(ctx context.Context, events <-chan phone.Event, id string) (phone.Call, error) {
	var limit, late <-chan time.Time
	leave := ctx.Done()
	begun, performed := false, false
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return phone.Call{}, phone.ErrClosed
			}
			if e.Call == nil || e.Call.ID != id {
				continue
			}
			s.tell(e)
			if e.Call.State == phone.Terminated {
				return *e.Call, s.recorded(*e.Call)
			}
			if e.Call.State != phone.Established {
				continue
			}
			if !begun {
				begun = true
				performed = !s.begin(ctx, id)
				if s.lasting > 0 {
					limit = time.After(s.lasting)
				}
			}
			if !performed && e.Call.OnRecord {
				performed = true
				s.perform(ctx, id)
			}
		case <-limit:
			limit, late = nil, s.hangUp(id)
		case <-leave:
			leave, late = nil, s.hangUp(id)
		case <-late:
			return phone.Call{}, phone.ErrUnconfirmed
		}
	}
}

// hangUp ends the call even when the command itself is being ended.
func (s *script) hangUp(id string) <-chan time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if err := s.app.remote(ctx, "hangup", control.With{Call: id}, nil); err != nil {
		fmt.Fprintln(s.out, err)
	}
	return time.After(goodbye)
}

// begin starts recording, which is announced to the other side first, and
// reports whether the rest must wait for that; else it does the rest.
func (s *script) begin(ctx context.Context, id string) (later bool) {
	if s.record != "" {
		err := s.app.remote(ctx, "record", control.With{Call: id, On: new(true), File: unused(absolute(s.record))}, nil)
		if err == nil {
			return true
		}
		fmt.Fprintln(s.out, err)
	}
	s.perform(ctx, id)
	return false
}

// perform plays and presses keys.
func (s *script) perform(ctx context.Context, id string) {
	if s.play != "" {
		if err := s.app.remote(ctx, "play", control.With{Call: id, File: absolute(s.play)}, nil); err != nil {
			fmt.Fprintln(s.out, err)
		}
	}
	if s.digits != "" {
		if err := s.app.remote(ctx, "dtmf", control.With{Call: id, Digits: s.digits}, nil); err != nil {
			fmt.Fprintln(s.out, err)
		}
	}
}

// recorded says when there is no recording, though one was asked for.
func (s *script) recorded(c phone.Call) error {
	if s.record != "" && !c.Answered.IsZero() && c.Recording == "" {
		return errors.New("nothing was recorded: the call ended before the notice of the recording was over, or the file cannot be written")
	}
	return nil
}

func (s *script) tell(e phone.Event) {
	if s.asJSON {
		json.NewEncoder(s.out).Encode(e)
		return
	}
	tellEvent(s.out, e)
}
