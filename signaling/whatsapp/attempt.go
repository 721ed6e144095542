package whatsapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
	settleTime    = 30 * time.Second // for one answer of the server, and from "accepted" to the login
)

// Errors of linking. Each says what to do next.
var (
	errExpired     = errors.New("no phone scanned a code in time; start again when the phone is at hand")
	errCodeExpired = errors.New("the code was not typed on the phone in time; start again")
	errPasskeyLate = errors.New("the passkey was not approved in time; start again")
	errLost        = errors.New("the network was lost while linking; start again")
	errSettle      = errors.New("the phone accepted the link, but the login did not follow; start again")
	errMultidevice = errors.New("the phone does not allow linked devices yet; update WhatsApp on it, then scan the code again")
)

// attempt is a linking attempt without a network: events and the clock go in,
// steps for the person and requests to the network come out.
type attempt struct {
	method phone.PairingMethod
	codes  []string
	shown  int
	stage  stage
	end    time.Time // when the server hangs up, zero until it sent codes
}

// stage is what an attempt waits for.
type stage int

const (
	awaitingCodes stage = iota
	scanning
	typing
	approving // the passkey, and the code to compare
	settling  // accepted; the login follows
)

// request is what the network must be asked for.
type request int

const (
	askNothing request = iota
	askCode            // the 8-character code
	askConfirm         // tell the server that the codes are the same
)

// reaction is what follows from an event.
type reaction struct {
	steps []phone.PairingStep
	ask   request
	wait  time.Duration // until tick, zero if that does not change
	done  bool
	err   error
}

// late says which time ran out in each stage.
var late = map[stage]error{
	awaitingCodes: errLost, scanning: errExpired, typing: errCodeExpired, approving: errPasskeyLate, settling: errSettle,
}

// tick: the time that an earlier reaction set is over.
func (a *attempt) tick(now time.Time) reaction {
	if a.stage == scanning && a.shown < len(a.codes) {
		return a.showQR(now)
	}
	return reaction{err: late[a.stage]}
}

// on reacts to an event of the network.
func (a *attempt) on(raw any, now time.Time) reaction {
	switch e := raw.(type) {
	case *events.QR:
		return a.begin(e.Codes, now)
	case *events.QRScannedWithoutMultidevice:
		return reaction{steps: []phone.PairingStep{{Kind: phone.PairingWait, Text: errMultidevice.Error(), SessionEnd: a.end}}}
	case *events.PairPasskeyRequest:
		return a.askPasskey(e, now)
	case *events.PairPasskeyConfirmation:
		return a.askCompare(e, now)
	case *events.PairPasskeyError:
		return reaction{err: fmt.Errorf("the passkey was not accepted: %s", phone.MaskText(e.Error.Error()))}
	case *events.PairSuccess:
		a.stage = settling
		return reaction{wait: settleTime, steps: []phone.PairingStep{{Kind: phone.PairingWait, Text: "The phone accepted; logging in."}}}
	case *events.PairError:
		return reaction{err: fmt.Errorf("the phone's answer was not valid, perhaps the code was used already; start again (%s)", phone.MaskText(e.Error.Error()))}
	case *events.Connected:
		return reaction{done: true}
	}
	return reaction{err: a.hungUp(raw, now)}
}

// begin: the server sent its codes. Later ones of a new connection are not
// wanted.
func (a *attempt) begin(codes []string, now time.Time) reaction {
	if a.stage != awaitingCodes {
		return reaction{}
	}
	a.codes, a.end = codes, now.Add(sessionLife(len(codes)))
	if a.method == phone.ByCode {
		a.stage = typing
		return reaction{ask: askCode, wait: settleTime}
	}
	a.stage = scanning
	if len(codes) == 0 {
		return reaction{err: errLost}
	}
	return a.showQR(now)
}

// sessionLife is how long the server keeps an unlinked connection that was
// given this many codes.
func sessionLife(codes int) time.Duration {
	life := time.Duration(codes) * codeLife
	if codes == freshCodes {
		life += firstCodeLife - codeLife
	}
	return life
}

func (a *attempt) showQR(now time.Time) reaction {
	life := codeLife
	if a.shown == 0 && len(a.codes) == freshCodes {
		life = firstCodeLife
	}
	a.shown++
	return reaction{wait: life, steps: []phone.PairingStep{{
		Kind: phone.PairingScan, Text: a.codes[a.shown-1], Index: a.shown, Count: len(a.codes), Expires: now.Add(life), SessionEnd: a.end,
	}}}
}

// showCode: the server gave the 8-character code.
func (a *attempt) showCode(code string, now time.Time) reaction {
	expires := now.Add(codeSession)
	if !a.end.IsZero() && a.end.Before(expires) {
		expires = a.end
	}
	return reaction{wait: expires.Sub(now), steps: []phone.PairingStep{{Kind: phone.PairingCode, Text: code, Expires: expires, SessionEnd: expires}}}
}

func (a *attempt) askPasskey(e *events.PairPasskeyRequest, now time.Time) reaction {
	a.stage = approving
	request, err := json.Marshal(e.PublicKey)
	if err != nil {
		return reaction{err: fmt.Errorf("the passkey request cannot be shown: %w", err)}
	}
	expires := now.Add(passkeyLife)
	return reaction{wait: passkeyLife, steps: []phone.PairingStep{{Kind: phone.PairingPasskey, Text: string(request), Expires: expires, SessionEnd: expires}}}
}

// askCompare: both sides show a code. After a scanned QR code the server says
// that nobody need look.
func (a *attempt) askCompare(e *events.PairPasskeyConfirmation, now time.Time) reaction {
	a.stage = approving
	if e.SkipHandoffUX {
		return reaction{wait: settleTime, ask: askConfirm}
	}
	return reaction{wait: passkeyLife, steps: []phone.PairingStep{{Kind: phone.PairingConfirm, Text: e.Code, SessionEnd: now.Add(passkeyLife)}}}
}

// hungUp is why the connection ended, nil if that is part of linking: once the
// phone has accepted, whatsmeow logs in on a new connection.
func (a *attempt) hungUp(raw any, now time.Time) error {
	switch e := raw.(type) {
	case *events.Disconnected:
		if a.stage == settling {
			return nil
		}
		if a.stage != approving && !a.end.IsZero() && now.After(a.end.Add(-time.Second)) {
			return late[a.stage]
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
