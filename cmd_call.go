package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
	f.StringVar(&s.record, "record", "", "record to this file; both sides hear a notice")
	f.DurationVar(&s.lasting, "for", 0, "hang up after talking so long")
	f.StringVar(&s.digits, "dtmf", "", "press these keys once it is answered")
	f.BoolVar(&s.asJSON, "json", false, "one JSON object per event")
}

func (a *app) callCommand() *cobra.Command {
	s := &script{app: a}
	cmd := &cobra.Command{
		Use: "call WHO", Short: "Call somebody without the screen", Args: cobra.ExactArgs(1),
		Long: "call places one call: to a number in any form, a contact's name, or a tel: or wa.me link.\n" +
			"It uses the running phone if there is one, and ends when the call does. Ctrl-C hangs up.",
		Example: "  tring call \"+44 7700 900123\" --for 10s\n  tring call Mum --play hello.ogg --record call.ogg",
		RunE: func(cmd *cobra.Command, words []string) error {
			s.out = cmd.OutOrStdout()
			if err := s.askFirst(words[0]); err != nil {
				return err
			}
			return a.withRunning(cmd.Context(), func(ctx context.Context) error { return s.place(ctx, words[0]) })
		},
	}
	s.flags(cmd)
	cmd.Flags().StringVar(&s.line, "line", "", "the line to call from")
	cmd.Flags().BoolVar(&s.first, "ask", false, "ask before calling, whoever it is: for links that somebody clicked")
	cmd.Flags().BoolVar(&s.yes, "yes", false, "do not ask before calling strangers, at night or again and again")
	cmd.MarkFlagsMutuallyExclusive("yes", "ask")
	return cmd
}

func (a *app) answerCommand() *cobra.Command {
	s := &script{app: a}
	cmd := &cobra.Command{
		Use: "answer", Short: "Answer calls without the screen", Args: cobra.NoArgs,
		Long: "answer takes the call that rings, or waits for one, and goes on to the next until Ctrl-C. A call\n" +
			"that a rule screens is taken once the caller has said who it is. It uses the running phone if\n" +
			"there is one.",
		Example: "  tring answer --once --for 10s\n  tring answer --play machine.ogg --record calls.ogg",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.out = cmd.OutOrStdout()
			return a.withRunning(cmd.Context(), s.answerAll)
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&s.once, "once", false, "end after one call")
	return cmd
}

func (a *app) runCommand() *cobra.Command {
	var headless bool
	cmd := &cobra.Command{
		Use: "run", Short: "Run the softphone; --headless leaves the screen out", Args: cobra.NoArgs,
		Long: "run --headless keeps the phone running for other commands, hooks and webhooks until SIGTERM.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !headless {
				return a.softphone(cmd.Context())
			}
			return a.serve(cmd.Context(), a.network(), func(ctx context.Context, _ *station) error {
				<-ctx.Done()
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&headless, "headless", false, "no screen")
	return cmd
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
		return c, errors.New(doubt.Message + " --yes calls all the same")
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

// answerAll answers what rings, one call after the other.
func (s *script) answerAll(ctx context.Context) error {
	watch, err := s.app.watch(ctx)
	if err != nil {
		return err
	}
	for {
		c, err := s.ringing(ctx, watch)
		if err != nil {
			return err
		}
		if err := s.app.remote(ctx, "answer", control.With{Call: c.ID}, nil); err != nil {
			fmt.Fprintf(s.out, "%s was not answered: %v\n", c.ID, err)
			continue
		}
		if _, err := s.follow(ctx, watch, c.ID); err != nil {
			return err
		}
		if s.once {
			return nil
		}
	}
}

// ringing waits for a call that may be answered; one that rings already is
// taken at once.
func (s *script) ringing(ctx context.Context, watch <-chan phone.Event) (phone.Call, error) {
	var now control.Status
	if err := s.app.remote(ctx, "status", control.With{}, &now); err != nil {
		return phone.Call{}, err
	}
	for _, c := range now.Calls {
		if answerable(c) {
			return c, nil
		}
	}
	for {
		select {
		case <-ctx.Done():
			return phone.Call{}, quietExit(exitDone) // Ctrl-C is how waiting ends
		case e, ok := <-watch:
			if !ok {
				return phone.Call{}, phone.ErrClosed
			}
			if e.Call != nil && answerable(*e.Call) {
				return *e.Call, nil
			}
		}
	}
}

// answerable reports whether a call rings, or was screened and waits.
func answerable(c phone.Call) bool {
	return c.State == phone.Incoming && !c.Listening || c.Screened()
}

// watch tells every event from now on; the channel closes when ctx or the
// phone ends.
func (a *app) watch(ctx context.Context) (<-chan phone.Event, error) {
	c, err := control.Connect(a.places.Socket())
	if err != nil {
		return nil, err
	}
	events := make(chan phone.Event, 64)
	go func() {
		defer close(events)
		defer c.Close()
		// A call is followed to its end even when ctx has ended: hanging up
		// takes a moment.
		c.Events(context.WithoutCancel(ctx), time.Now(), 0, func(e phone.Event) bool {
			events <- e
			return true
		})
	}()
	return events, nil
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
				return *e.Call, s.keepRecording(*e.Call)
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
		err := s.app.remote(ctx, "record", control.With{Call: id, On: new(true)}, nil)
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

// keepRecording moves the recording to where it was asked for.
func (s *script) keepRecording(c phone.Call) error {
	switch {
	case s.record == "" || c.Answered.IsZero():
		return nil
	case c.Recording == "":
		return errors.New("nothing was recorded: the call ended before the notice of the recording was over")
	}
	if err := os.Rename(c.Recording, s.record); err != nil {
		return fmt.Errorf("the recording stays at %s: %w", c.Recording, err)
	}
	return nil
}

func (s *script) tell(e phone.Event) {
	if s.asJSON {
		json.NewEncoder(s.out).Encode(e)
		return
	}
	fmt.Fprintln(s.out, eventLine(e))
}
