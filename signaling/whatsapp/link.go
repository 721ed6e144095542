package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
)

// Errors of Link and of a Pairer.
var (
	errLinked     = errors.New("the line is linked already; unlink it first")
	errPairing    = errors.New("a linking attempt is running already; cancel it first")
	errNoNumber   = errors.New("linking with a code needs the number of the phone, with its country code")
	errCancelled  = errors.New("linking was cancelled")
	errDiffers    = errors.New("the codes differ, so somebody else may be linking; nothing was linked")
	errNoPasskey  = errors.New("the phone did not ask for a passkey")
	errNoConfirm  = errors.New("there is no code to compare")
	errNotRunning = errors.New("the line does not run; start it before linking")
)

// pairing is a linking attempt on the network. It listens to whatsmeow's
// events itself instead of using GetQRChannel, which hangs up when the QR codes
// run out even while a passkey or an 8-character code is being exchanged.
type pairing struct {
	session *session
	number  string // for linking by code
	attempt attempt
	steps   chan phone.PairingStep
	inbox   chan any // events of interest, in order
	ctx     context.Context
	cancel  context.CancelCauseFunc
	over    chan struct{} // closed when the attempt has ended

	mu    sync.Mutex
	asked map[phone.PairingKind]bool // steps that want an answer
}

// inboxSize bounds the events that wait; an attempt sees a dozen.
const inboxSize = 64

// Steps tells what the person must do next.
func (p *pairing) Steps() <-chan phone.PairingStep { return p.steps }

// Cancel ends the attempt.
func (p *pairing) Cancel() { p.cancel(errCancelled) }

// take is an event handler: it files what concerns linking.
func (p *pairing) take(raw any) {
	switch raw.(type) {
	case *events.QR, *events.PairSuccess, *events.PairError, *events.PairPasskeyRequest, *events.PairPasskeyConfirmation,
		*events.PairPasskeyError, *events.QRScannedWithoutMultidevice, *events.Connected, *events.Disconnected,
		*events.ClientOutdated, *events.ConnectFailure, *events.TemporaryBan, *events.LoggedOut:
		select {
		case p.inbox <- raw:
		default:
		}
	}
}

// run drives the attempt until it is done, failed or cancelled.
func (p *pairing) run() {
	defer close(p.steps)
	defer close(p.over)
	defer p.session.line.endPairing()
	defer p.cancel(nil)
	if err := p.drive(); err != nil {
		p.discard()
		p.steps <- phone.PairingStep{Kind: phone.PairingFailed, Err: err}
		return
	}
	// Run takes the session over; it is logged in by now.
	p.session.line.linked <- p.session
	p.steps <- phone.PairingStep{Kind: phone.PairingDone}
}

// discard throws away what a failed attempt left.
func (p *pairing) discard() {
	p.session.close()
	if p.session.client.Store.ID != nil {
		ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
		defer cancel()
		_ = p.session.client.Store.Delete(ctx)
	}
}

func (p *pairing) drive() error {
	if err := p.session.connect(p.ctx); p.ctx.Err() != nil {
		return p.stopped()
	} else if err != nil {
		return fmt.Errorf("the network cannot be reached: %s", phone.MaskText(err.Error()))
	}
	next := time.NewTimer(settleTime)
	defer next.Stop()
	for {
		var r reaction
		select {
		case <-p.ctx.Done():
			return p.stopped()
		case now := <-next.C:
			r = p.attempt.tick(now)
		case raw := <-p.inbox:
			r = p.attempt.on(raw, time.Now())
		}
		if r = p.perform(r); r.done || r.err != nil {
			return r.err
		}
		if r.wait > 0 {
			next.Reset(r.wait)
		}
	}
}

// stopped is why somebody ended the attempt.
func (p *pairing) stopped() error {
	if err := context.Cause(p.ctx); errors.Is(err, errDiffers) {
		return err
	}
	return errCancelled
}

// perform shows the steps of a reaction and asks the network what it says.
func (p *pairing) perform(r reaction) reaction {
	p.show(r.steps)
	switch r.ask {
	case askCode:
		return p.askCode()
	case askConfirm:
		r.err = p.sendConfirmation()
	}
	return r
}

func (p *pairing) show(steps []phone.PairingStep) {
	for _, s := range steps {
		p.mu.Lock()
		p.asked[s.Kind] = true
		p.mu.Unlock()
		p.steps <- s
	}
}

func (p *pairing) askCode() reaction {
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	code, err := p.session.client.PairPhone(ctx, p.number, true, whatsmeow.PairClientChrome, displayName)
	if err != nil {
		return reaction{err: fmt.Errorf("the server gave no code: %s", phone.MaskText(err.Error()))}
	}
	return p.perform(p.attempt.showCode(code, time.Now()))
}

func (p *pairing) sendConfirmation() error {
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	if err := p.session.client.SendPasskeyConfirmation(ctx); err != nil {
		return fmt.Errorf("the server did not take the confirmation: %s", phone.MaskText(err.Error()))
	}
	return nil
}

func (p *pairing) wants(k phone.PairingKind) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[k]
}

// Passkey hands back the browser's answer to a passkey step.
func (p *pairing) Passkey(answer string) error {
	if !p.wants(phone.PairingPasskey) {
		return errNoPasskey
	}
	var response types.WebAuthnResponse
	if err := json.Unmarshal([]byte(answer), &response); err != nil {
		return fmt.Errorf("the browser's answer cannot be read: %w", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	if err := p.session.client.SendPasskeyResponse(ctx, &response); err != nil {
		return fmt.Errorf("the server did not take the passkey: %s", phone.MaskText(err.Error()))
	}
	return nil
}

// Confirm answers whether the phone shows the same code.
func (p *pairing) Confirm(same bool) error {
	switch {
	case !p.wants(phone.PairingConfirm):
		return errNoConfirm
	case !same:
		p.cancel(errDiffers)
		return nil
	}
	return p.sendConfirmation()
}
