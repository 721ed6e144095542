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

// Times of linking. The server shows six codes; the first lives a minute, the
// others 20 s each, and then it hangs up (tulir/whatsmeow, qrchan.go).
const (
	firstCodeLife = 60 * time.Second
	codeLife      = 20 * time.Second
	freshCodes    = 6
	codeSession   = 160 * time.Second // life of an 8-character code, at most
	passkeyLife   = 5 * time.Minute
	settleTime    = 30 * time.Second // from "scanned" to the first login
)

// Errors of linking.
var (
	errLinked      = errors.New("the line is linked already; unlink it first")
	errPairing     = errors.New("a linking attempt is running already; cancel it first")
	errNoNumber    = errors.New("linking with a code needs the number of the phone, with its country code")
	errExpired     = errors.New("no phone scanned a code in time; start again when the phone is at hand")
	errCodeExpired = errors.New("the code was not typed on the phone in time; start again")
	errLost        = errors.New("the network was lost while linking; start again")
	errCancelled   = errors.New("linking was cancelled")
	errMultidevice = errors.New("the phone does not allow linked devices yet; update WhatsApp on it, then scan the code again")
	errDiffers     = errors.New("the codes differ, so somebody else may be linking; nothing was linked")
	errNoPasskey   = errors.New("the phone did not ask for a passkey")
	errNoConfirm   = errors.New("there is no code to compare")
	errSettle      = errors.New("the phone accepted the link, but the login did not follow; start the line again")
	errNotRunning  = errors.New("the line does not run; start it before linking")
)

// pairing is a linking attempt: events of whatsmeow go in, steps come out. It
// listens to the events itself instead of using GetQRChannel, which hangs up
// when the QR codes run out even while a passkey or an 8-character code is
// being exchanged.
type pairing struct {
	session *session
	request phone.PairingRequest
	steps   chan phone.PairingStep
	cancel  context.CancelFunc
	ctx     context.Context
	inbox   chan any // events of interest, in order
	once    sync.Once

	end      time.Time // when the server hangs up
	holdQR   bool      // another exchange has begun: no more QR codes
	passkey  bool
	confirms bool
	mu       sync.Mutex
}

// Link starts linking the line to an account.
func (l *Line) Link(ctx context.Context, req phone.PairingRequest) (phone.Pairer, error) {
	if req.Method == phone.ByCode && number(req.Number, l.config.Region) == "" {
		return nil, errNoNumber
	}
	if err := l.mayLink(); err != nil {
		return nil, err
	}
	s, err := newSession(l, l.store.NewDevice())
	if err != nil {
		return nil, err
	}
	p := &pairing{session: s, request: req, steps: make(chan phone.PairingStep, 16), inbox: make(chan any, 64)}
	p.ctx, p.cancel = context.WithCancel(ctx)
	if !l.startPairing(p) {
		s.close()
		return nil, errPairing
	}
	s.client.AddEventHandler(p.take)
	go p.run()
	return p, nil
}

func (l *Line) mayLink() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.tell == nil:
		return errNotRunning
	case l.session != nil:
		return errLinked
	}
	return nil
}

func (l *Line) startPairing(p *pairing) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pairing != nil {
		return false
	}
	l.pairing = p
	return true
}

func (l *Line) endPairing() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairing = nil
}

// Steps tells what the person must do next.
func (p *pairing) Steps() <-chan phone.PairingStep { return p.steps }

// Cancel ends the attempt.
func (p *pairing) Cancel() { p.cancel() }

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
	defer p.session.line.endPairing()
	defer close(p.steps)
	err := p.drive()
	if err == nil {
		p.adopt()
		p.steps <- phone.PairingStep{Kind: phone.PairingDone}
		return
	}
	p.discard()
	p.steps <- phone.PairingStep{Kind: phone.PairingFailed, Err: err}
}

// adopt hands the session, which is logged in by now, over to Run.
func (p *pairing) adopt() {
	p.session.line.linked <- p.session
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
	if err := p.session.client.ConnectContext(p.session.ctx); err != nil {
		return fmt.Errorf("the network cannot be reached: %s", Mask(err.Error()))
	}
	var codes []string
	shown := 0
	next := time.NewTimer(settleTime) // until the server hands out codes
	defer next.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return errCancelled
		case <-next.C:
			if p.busy() {
				return p.timedOut()
			}
			if shown >= len(codes) {
				return p.timedOut()
			}
			next.Reset(p.showQR(codes, shown))
			shown++
		case raw := <-p.inbox:
			if qr, ok := raw.(*events.QR); ok && codes == nil {
				codes, p.end = qr.Codes, time.Now().Add(sessionLife(len(qr.Codes)))
				wait, err := p.begin(codes)
				if err != nil {
					return err
				}
				shown++
				next.Reset(wait)
				continue
			}
			wait, done, err := p.on(raw)
			if done || err != nil {
				return err
			}
			if wait > 0 {
				next.Reset(wait)
			}
		}
	}
}

func (p *pairing) busy() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.holdQR }

func (p *pairing) hold() { p.mu.Lock(); defer p.mu.Unlock(); p.holdQR = true }

// timedOut is why time ran out, by what was going on.
func (p *pairing) timedOut() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.end.IsZero():
		return errLost
	case !p.holdQR:
		return errExpired
	case p.request.Method == phone.ByCode:
		return errCodeExpired
	}
	return errSettle
}

// sessionLife is how long the server keeps an unlinked connection that was
// given this many codes.
func sessionLife(codes int) time.Duration {
	if codes == 0 {
		return codeSession
	}
	life := time.Duration(codes) * codeLife
	if codes == freshCodes {
		life += firstCodeLife - codeLife
	}
	return life
}

// begin shows the first QR code, or asks for the 8-character code.
func (p *pairing) begin(codes []string) (time.Duration, error) {
	if p.request.Method == phone.ByQR {
		return p.showQR(codes, 0), nil
	}
	p.hold()
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	number := number(p.request.Number, p.session.line.config.Region)
	code, err := p.session.client.PairPhone(ctx, number, true, whatsmeow.PairClientChrome, displayName)
	if err != nil {
		return 0, fmt.Errorf("the server gave no code: %s", Mask(err.Error()))
	}
	expires := time.Now().Add(codeSession)
	p.steps <- phone.PairingStep{Kind: phone.PairingCode, Text: code, Expires: expires, SessionEnd: expires}
	return codeSession, nil
}

// showQR shows one QR code and returns how long it lives.
func (p *pairing) showQR(codes []string, i int) time.Duration {
	if i >= len(codes) {
		return time.Millisecond
	}
	life := codeLife
	if i == 0 && len(codes) == freshCodes {
		life = firstCodeLife
	}
	p.steps <- phone.PairingStep{
		Kind: phone.PairingScan, Text: codes[i], Index: i + 1, Count: len(codes),
		Expires: time.Now().Add(life), SessionEnd: p.end,
	}
	return life
}

// on deals with an event. It returns how long to wait for the next one, if
// that changes.
func (p *pairing) on(raw any) (wait time.Duration, done bool, err error) {
	switch e := raw.(type) {
	case *events.QRScannedWithoutMultidevice:
		p.steps <- phone.PairingStep{Kind: phone.PairingWait, Text: errMultidevice.Error()}
	case *events.PairPasskeyRequest:
		return p.askPasskey(e)
	case *events.PairPasskeyConfirmation:
		return p.askConfirm(e)
	case *events.PairPasskeyError:
		return 0, false, fmt.Errorf("the passkey was not accepted: %s", Mask(e.Error.Error()))
	case *events.PairSuccess:
		p.hold()
		p.steps <- phone.PairingStep{Kind: phone.PairingWait, Text: "The phone accepted; logging in."}
		return settleTime, false, nil
	case *events.PairError:
		return 0, false, fmt.Errorf("the phone's answer was not valid, perhaps the code was used already; start again (%s)", Mask(e.Error.Error()))
	case *events.Connected:
		return 0, true, nil
	default:
		return 0, false, p.fail(raw)
	}
	return 0, false, nil
}

// fail is why the connection ended. After the phone accepted, a hang-up is
// part of linking: whatsmeow logs in on a new connection.
func (p *pairing) fail(raw any) error {
	switch e := raw.(type) {
	case *events.Disconnected:
		if p.session.client.Store.ID != nil {
			return nil
		}
		if time.Now().After(p.end.Add(-time.Second)) {
			return p.timedOut()
		}
		return errLost
	case *events.ClientOutdated:
		return errors.New(sentences[phone.LineOutdated])
	case *events.TemporaryBan:
		return banned(e).err
	case *events.ConnectFailure:
		return refused(e).err
	case *events.LoggedOut:
		return errors.New(sentences[phone.LineLoggedOut])
	}
	return nil
}

func (p *pairing) askPasskey(e *events.PairPasskeyRequest) (time.Duration, bool, error) {
	request, err := json.Marshal(e.PublicKey)
	if err != nil {
		return 0, false, fmt.Errorf("the passkey request cannot be shown: %w", err)
	}
	p.hold()
	p.mu.Lock()
	p.passkey = true
	p.mu.Unlock()
	expires := time.Now().Add(passkeyLife)
	p.steps <- phone.PairingStep{Kind: phone.PairingPasskey, Text: string(request), Expires: expires, SessionEnd: expires}
	return passkeyLife, false, nil
}

func (p *pairing) askConfirm(e *events.PairPasskeyConfirmation) (time.Duration, bool, error) {
	if e.SkipHandoffUX {
		return passkeyLife, false, p.sendConfirmation()
	}
	p.mu.Lock()
	p.confirms = true
	p.mu.Unlock()
	p.steps <- phone.PairingStep{Kind: phone.PairingConfirm, Text: e.Code, SessionEnd: time.Now().Add(passkeyLife)}
	return passkeyLife, false, nil
}

func (p *pairing) sendConfirmation() error {
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	if err := p.session.client.SendPasskeyConfirmation(ctx); err != nil {
		return fmt.Errorf("the server did not take the confirmation: %s", Mask(err.Error()))
	}
	return nil
}

// Passkey hands back the browser's answer to a passkey step.
func (p *pairing) Passkey(answer string) error {
	p.mu.Lock()
	asked := p.passkey
	p.mu.Unlock()
	if !asked {
		return errNoPasskey
	}
	var response types.WebAuthnResponse
	if err := json.Unmarshal([]byte(answer), &response); err != nil {
		return fmt.Errorf("the browser's answer cannot be read: %w", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, settleTime)
	defer cancel()
	if err := p.session.client.SendPasskeyResponse(ctx, &response); err != nil {
		return fmt.Errorf("the server did not take the passkey: %s", Mask(err.Error()))
	}
	return nil
}

// Confirm answers whether the phone shows the same code.
func (p *pairing) Confirm(same bool) error {
	p.mu.Lock()
	asked := p.confirms
	p.mu.Unlock()
	if !asked {
		return errNoConfirm
	}
	if !same {
		p.once.Do(p.cancel)
		return errDiffers
	}
	return p.sendConfirmation()
}

// Unlink removes the link, on the server and here.
func (l *Line) Unlink(ctx context.Context) error {
	s, err := l.linkedSession()
	if err != nil {
		return err
	}
	if err := s.client.Logout(ctx); err != nil {
		return fmt.Errorf("the server did not remove the link; remove it on the phone: %w", err)
	}
	s.stop(ending{status: phone.LineUnlinked})
	return nil
}
