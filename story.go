package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"tring/audio"
	"tring/exchange"
	"tring/exchange/chat"
	"tring/exchange/graph"
	"tring/phone"
)

// patience bounds every step of the story.
const storyPatience = 45 * time.Second

// teller plays the demo's story on a phone without a screen and measures what
// happens. A step that does not hold makes the story fail; later steps still run.
type teller struct {
	ctx    context.Context
	out    io.Writer
	town   *town
	phone  *phone.Phone
	ear    *probe
	events <-chan phone.Event
	failed bool
}

// story links, calls, listens, is called, answers and declines.
func (a *app) story(ctx context.Context, t *town, out io.Writer) error {
	fmt.Fprintln(out, "No terminal here: playing the demo's story instead, with a generated voice.")
	ear := newProbe()
	defer ear.Close()
	a.cfg.Sound.Silent = true
	around := surroundings{network: t.network, silent: func() audio.Device { return borrowed{ear} }, lines: []phone.Line{t.shop}}
	return a.serveIn(ctx, around,
		func(ctx context.Context, s *station) error {
			if err := a.populate(ctx, t); err != nil {
				return err
			}
			tell := &teller{ctx: ctx, out: out, town: t, phone: s.phone, ear: ear, events: s.phone.Watch(ctx)}
			tell.all()
			if tell.failed {
				fmt.Fprintln(out, "The story did not hold.")
				return quietExit(exitFailed)
			}
			fmt.Fprintln(out, "Everything held.")
			return nil
		})
}

// borrowed is a device that a call may close without ending it for the next.
type borrowed struct{ *probe }

func (borrowed) Close() error { return nil }

// all are the steps in order.
func (t *teller) all() {
	for _, step := range []struct {
		name string
		do   func() (string, error)
	}{
		{"link by QR", t.link},
		{"call Echo, hear the own voice come back", t.echo},
		{"call Tone, hear 440 Hz", t.tone},
		{"be called, answer, hang up", t.beCalled},
		{"be called, decline with a message", t.decline},
		{"call somebody who declines", t.expect(exchange.DeclinesParty, phone.Declined)},
		{"call somebody who is busy", t.expect(exchange.BusyParty, phone.Busy)},
		{"be hung up on", t.hungUpOn},
		{"a customer calls the shop, answer, hang up", t.customerCalls},
	} {
		began := time.Now()
		measured, err := step.do()
		verdict := "ok  "
		if err != nil {
			verdict, measured, t.failed = "FAIL", err.Error(), true
		}
		fmt.Fprintf(t.out, "%s  %-42s %s (%.1f s)\n", verdict, step.name, measured, time.Since(began).Seconds())
	}
}

// link shows the first code to the handset and waits until the line is ready.
func (t *teller) link() (string, error) {
	line := t.phone.Lines()[0].Name
	if err := t.phone.Link(t.ctx, line, phone.PairingRequest{Method: phone.ByQR}); err != nil {
		return "", err
	}
	code, err := t.await("a code to scan", func(e phone.Event) bool {
		return e.Pairing != nil && e.Pairing.Kind == phone.PairingScan
	})
	if err != nil {
		return "", err
	}
	if err := t.town.owner.Handset().Scan(t.ctx, code.Pairing.Text); err != nil {
		return "", err
	}
	ready, err := t.await("the line", func(e phone.Event) bool {
		return e.Info != nil && e.Info.Status == phone.LineReady
	})
	if err != nil {
		return "", err
	}
	people, err := t.contacts()
	return fmt.Sprintf("linked as %s, %d contacts", ready.Info.Own.Number, people), err
}

// contacts waits until the handset's address book has arrived.
func (t *teller) contacts() (int, error) {
	for {
		n, err := knownPeople(t.ctx, t.phone)
		if err != nil || n == len(exchange.Parties()) {
			return n, err
		}
		if _, err := t.await("the contacts", func(e phone.Event) bool { return e.Kind == phone.EventContacts }); err != nil {
			return n, err
		}
	}
}

// knownPeople counts who has a name from the handset's address book.
func knownPeople(ctx context.Context, p *phone.Phone) (n int, err error) {
	list, err := p.Contacts(ctx)
	for _, c := range list {
		if c.Known() {
			n++
		}
	}
	return n, err
}

// call dials a party and waits until sound flows.
func (t *teller) call(who exchange.PartyKind) (phone.Call, error) {
	c, err := t.phone.Dial(t.ctx, "", string(who))
	if err != nil {
		return c, err
	}
	_, err = t.state(c.ID, phone.Established)
	t.ear.reset() // the ringing tone is not theirs
	return c, err
}

func (t *teller) echo() (string, error) {
	c, err := t.call(exchange.Echo)
	if err != nil {
		return "", err
	}
	h, err := t.listen(func(h Hearing) bool { return h.Bursts >= 4 })
	if err != nil {
		return "", err
	}
	if math.Abs(h.Hz-probeHz) > 10 {
		return "", fmt.Errorf("%.0f Hz came back, %.0f were sent", h.Hz, probeHz)
	}
	return fmt.Sprintf("%.0f Hz at %.0f dBFS, round trip %d ms", h.Hz, h.Level, h.RoundTrip.Milliseconds()), t.hangUp(c.ID)
}

func (t *teller) tone() (string, error) {
	c, err := t.call(exchange.ToneParty)
	if err != nil {
		return "", err
	}
	h, err := t.listen(func(h Hearing) bool { return h.Heard >= time.Second })
	if err != nil {
		return "", err
	}
	if math.Abs(h.Hz-440) > 10 {
		return "", fmt.Errorf("heard %.0f Hz", h.Hz)
	}
	return fmt.Sprintf("%.0f Hz at %.0f dBFS", h.Hz, h.Level), t.hangUp(c.ID)
}

// beCalled provokes the party that rings back and answers it.
func (t *teller) beCalled() (string, error) {
	c, err := t.incoming()
	if err != nil {
		return "", err
	}
	if err := t.phone.Answer(t.ctx, c.ID); err != nil {
		return "", err
	}
	if _, err := t.state(c.ID, phone.Established); err != nil {
		return "", err
	}
	t.ear.reset()
	h, err := t.listen(func(h Hearing) bool { return h.Bursts >= 2 })
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %.0f Hz, round trip %d ms", c.Party.Display(), h.Hz, h.RoundTrip.Milliseconds()), t.hangUp(c.ID)
}

// incoming calls the party that rings back, hangs up and waits for its call.
func (t *teller) incoming() (*phone.Call, error) {
	c, err := t.call(exchange.CallsYou)
	if err != nil {
		return nil, err
	}
	if err := t.hangUp(c.ID); err != nil {
		return nil, err
	}
	return t.ringing()
}

func (t *teller) ringing() (*phone.Call, error) {
	e, err := t.await("a call", func(e phone.Event) bool {
		return e.Call != nil && e.Call.Direction == phone.Inbound && e.Call.State == phone.Incoming
	})
	return e.Call, err
}

// decline lets a call ring and declines it with a text.
func (t *teller) decline() (string, error) {
	c, err := t.incoming()
	if err != nil {
		return "", err
	}
	const say = "I will call you back."
	if err := t.phone.Reject(t.ctx, c.ID, say); err != nil {
		return "", err
	}
	ended, err := t.state(c.ID, phone.Terminated)
	if err != nil {
		return "", err
	}
	if ended.Cause != phone.Declined {
		return "", fmt.Errorf("it ended as %s", ended.Cause)
	}
	caller, err := t.town.exchange.Account(c.Party.Number)
	if err != nil {
		return "", err
	}
	if err := t.texted(caller, say); err != nil {
		return "", err
	}
	return "stopped ringing, message delivered", nil
}

// expect calls somebody and wants a certain end.
func (t *teller) expect(who exchange.PartyKind, want phone.Cause) func() (string, error) {
	return func() (string, error) {
		c, err := t.phone.Dial(t.ctx, "", string(who))
		if err != nil {
			return "", err
		}
		ended, err := t.state(c.ID, phone.Terminated)
		if err != nil {
			return "", err
		}
		if ended.Cause != want {
			return "", fmt.Errorf("it ended as %s, not %s", ended.Cause, want)
		}
		return ended.Ending(), nil
	}
}

func (t *teller) hungUpOn() (string, error) {
	c, err := t.call(exchange.HangsUpParty)
	if err != nil {
		return "", err
	}
	ended, err := t.state(c.ID, phone.Terminated)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("they hung up after %.1f s", ended.Duration(time.Now()).Seconds()), nil
}

// customerCalls lets a customer press a link of the shop's and answers.
func (t *teller) customerCalls() (string, error) {
	if l := t.town.shop.Info(); l.Status != phone.LineReady {
		return "", fmt.Errorf("the shop is %s: %s", l.Status, l.Detail)
	}
	if _, err := t.town.customer.Call(graph.Dial{Deeplink: customerPayload}); err != nil {
		return "", err
	}
	c, err := t.ringing()
	if err != nil {
		return "", err
	}
	if c.Line != "shop" || c.Payload != customerPayload {
		return "", fmt.Errorf("it rang on line %s with payload %q", c.Line, c.Payload)
	}
	if err := t.phone.Answer(t.ctx, c.ID); err != nil {
		return "", err
	}
	if _, err := t.state(c.ID, phone.Established); err != nil {
		return "", err
	}
	t.ear.reset()
	h, err := t.listen(func(h Hearing) bool { return h.Heard >= time.Second })
	if err != nil {
		return "", err
	}
	if math.Abs(h.Hz-customerHz) > 10 {
		return "", fmt.Errorf("heard %.0f Hz", h.Hz)
	}
	return fmt.Sprintf("%s pressed %q, %.0f Hz at %.0f dBFS", c.Party.Display(), c.Payload, h.Hz, h.Level), t.hangUp(c.ID)
}

func (t *teller) hangUp(id string) error {
	if err := t.phone.HangUp(t.ctx, id); err != nil && !errors.Is(err, phone.ErrUnconfirmed) {
		return err
	}
	_, err := t.state(id, phone.Terminated)
	return err
}

// state waits until a call has reached a state, or has ended instead.
func (t *teller) state(id string, want phone.State) (*phone.Call, error) {
	e, err := t.await(fmt.Sprintf("call %s to be %s", id, want), func(e phone.Event) bool {
		return e.Call != nil && e.Call.ID == id && (e.Call.State == want || e.Call.State == phone.Terminated)
	})
	if err == nil && e.Call.State != want {
		err = fmt.Errorf("the call ended: %s %s", e.Call.Ending(), e.Call.Detail)
	}
	return e.Call, err
}

func (t *teller) await(what string, fits func(phone.Event) bool) (phone.Event, error) {
	limit := time.After(storyPatience)
	for {
		select {
		case e, ok := <-t.events:
			if !ok {
				return e, phone.ErrClosed
			}
			if !e.Replayed && fits(e) {
				return e, nil
			}
		case <-limit:
			return phone.Event{}, fmt.Errorf("waited %s for %s in vain", storyPatience, what)
		}
	}
}

// listen waits until the ear has heard enough.
func (t *teller) listen(enough func(Hearing) bool) (Hearing, error) {
	limit := time.After(storyPatience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if h := t.ear.Heard(); enough(h) {
				return h, nil
			}
		case <-limit:
			return Hearing{}, fmt.Errorf("after %s only %+v was heard", storyPatience, t.ear.Heard())
		case <-t.ctx.Done():
			return Hearing{}, t.ctx.Err()
		}
	}
}

// texted waits until a text has reached somebody's handset.
func (t *teller) texted(who *exchange.Account, body string) error {
	ctx, cancel := context.WithTimeout(t.ctx, storyPatience)
	defer cancel()
	_, err := who.Handset().AwaitText(ctx, func(x chat.Text) bool { return x.Body == body })
	return err
}
