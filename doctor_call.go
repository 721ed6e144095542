package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/phone/control"
	"tring/signaling/whatsapp"
)

// rehearsal is the one call of `tring doctor --call`. It speaks beeps instead
// of a person, so that both sides can tell what came through, and walks
// through docs/live-checklist.md with what it saw.
type rehearsal struct {
	app     *app
	who     string
	lasting time.Duration // of talking
	script  script        // for what `tring call` does too
	tell    func(finding)
	ear     *probe
	line    *witness
	phone   *phone.Phone

	call  phone.Call // as the phone last told it
	heard Hearing
}

// errNoPersonal says that there is nothing to rehearse with.
var errNoPersonal = errors.New("no personal line is configured; only its calls can be tried like this")

// prepare gives the rehearsal a phone of its own, with one line and the probe
// for a sound card.
func (r *rehearsal) prepare() (surroundings, error) {
	a := r.app
	if c, err := control.Connect(a.places.Socket()); err == nil {
		defer c.Close()
		return surroundings{}, fmt.Errorf("tring is running as process %d; this call needs its link and listens to every stanza: end it, then try again", c.Greeting.PID)
	}
	personal := slices.IndexFunc(a.cfg.Lines, func(l LineConfig) bool {
		return l.Kind == string(phone.PersonalLine) && (r.script.line == "" || l.Name == r.script.line)
	})
	if personal < 0 {
		return surroundings{}, errNoPersonal
	}
	name := a.cfg.Lines[personal].Name
	line, err := a.personalLine(name, a.places.Line(name), a.network())
	if err != nil {
		return surroundings{}, err
	}
	r.line, r.ear = &witness{Line: line}, newProbe()
	a.cfg.Lines, a.cfg.Sound.Silent = nil, true
	return surroundings{
		network: a.network(), lines: []phone.Line{r.line},
		silent: func() audio.Device { return borrowed{r.ear} },
	}, nil
}

// run places the call and returns everything that was found, and what
// happened for the report. The error is why no call was had.
func (r *rehearsal) run(ctx context.Context) (log string, err error) {
	in, err := r.prepare()
	if err != nil {
		return "", err
	}
	defer r.ear.Close()
	// The phone outlives Ctrl-C by the moment that hanging up takes.
	failed := r.app.serveIn(context.WithoutCancel(ctx), in, func(own context.Context, s *station) error {
		r.phone = s.phone
		err = r.perform(ctx)
		entries := r.line.transcript(own)
		r.explain(entries)
		log = r.line.Report(entries)
		return nil
	})
	return log, errors.Join(err, failed)
}

// perform connects, asks whether the account may call, calls, and talks.
func (r *rehearsal) perform(ctx context.Context) error {
	began := time.Now()
	if err := ready(ctx, r.phone); err != nil {
		r.found("link", fail("tring link, or look at the network", "%v", err))
		return err
	}
	r.found("link", pass("ready after %.1f s", time.Since(began).Seconds()))
	if err := r.phone.Inspect(ctx, ""); err != nil {
		r.found("calling", fail("unlink and link again", "%v", err))
		return err
	}
	r.found("calling", pass("this account may call"))
	return r.talk(ctx)
}

// talk calls and follows the call to its end.
func (r *rehearsal) talk(ctx context.Context) error {
	if err := r.app.awaitSocket(ctx); err != nil {
		return err
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	events := r.phone.Watch(watching)
	r.say("Calling. Beeps of %.0f Hz are spoken for you; ask the other side to say something.", probeHz)
	dialling, cancel := outlive(ctx, goodbye)
	defer cancel()
	c, err := r.script.dial(dialling, control.With{Who: r.who})
	if err != nil {
		r.found("dial", r.notPlaced(err))
		return err
	}
	r.call = c
	if err := r.follow(ctx, events); err != nil {
		return err
	}
	return verdict(r.call)
}

// notPlaced is a call that never left. What the error says of the person stays
// out of the report.
func (r *rehearsal) notPlaced(err error) finding {
	var turn []string
	if errors.Is(err, phone.Unreachable) {
		turn = r.line.Untried([]string{"choices.dial_number=on", "choices.strip_keys=on"})
	}
	return fail(remedy("", turn), "%s", strings.ReplaceAll(err.Error(), r.who, "WHO"))
}

// follow tells how the call goes until it is over. It hangs up when it has
// talked long enough, and on Ctrl-C.
func (r *rehearsal) follow(ctx context.Context, events <-chan phone.Event) error {
	var enough <-chan time.Time
	talking := false
	leave := ctx.Done()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return phone.ErrClosed
			}
			if e.Call == nil || e.Call.ID != r.call.ID || e.Replayed {
				continue
			}
			switch r.progress(e); {
			case r.call.State == phone.Terminated:
				r.measure()
				return nil
			case !talking && r.call.State == phone.Established:
				talking = true
				r.ear.reset() // what was heard so far was our own ringing tone
				enough = time.After(r.lasting)
			}
		case <-enough:
			enough = nil
			r.hangUp()
		case <-leave:
			leave = nil
			r.hangUp()
		}
	}
}

func (r *rehearsal) progress(e phone.Event) {
	r.call = *e.Call
	r.say("%s", eventLine(e))
}

// say tells a person, who reads no JSON, what goes on.
func (r *rehearsal) say(format string, args ...any) {
	if !r.script.asJSON {
		fmt.Fprintf(r.script.out, format+"\n", args...)
	}
}

// measure keeps what was heard, once: what follows is the tone of the end.
func (r *rehearsal) measure() {
	if r.heard.Heard == 0 {
		r.heard = r.ear.Heard()
	}
}

func (r *rehearsal) hangUp() {
	r.measure()
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if err := r.phone.HangUp(ctx, r.call.ID); err != nil {
		r.say("%v", err)
	}
}

func (r *rehearsal) found(check string, f finding) {
	f.Check = check
	r.tell(f)
}

// explain tells what the call's transcript and its sound show.
func (r *rehearsal) explain(entries []whatsapp.Entry) {
	for _, c := range r.line.Checks(entries) {
		r.found(c.Step, finding{Result: c.Result, Found: c.Found, Do: remedy(c.Do, c.Turn)})
	}
	if r.call.Answered.IsZero() {
		return
	}
	r.found("their sound", theirSound(r.heard, r.call.Quality))
	r.found("our sound", ourSound(r.heard, r.call.Quality, r.line.Untried))
	r.found("quality", soundQuality(r.call.Quality))
}
