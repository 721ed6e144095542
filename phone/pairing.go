package phone

import "time"

// PairingKind is what a person must do next to link a line.
type PairingKind int

const (
	PairingScan    PairingKind = iota // scan Text as a QR code
	PairingCode                       // type Text on the phone
	PairingPasskey                    // approve with the passkey of this account; Text is the browser's request as JSON
	PairingConfirm                    // compare Text with what the phone shows
	PairingWait                       // nothing to do; Text says what is going on
	PairingDone                       // linked
	PairingFailed                     // Err says why and what to do
)

var pairingNames = [...]string{"scan", "code", "passkey", "confirm", "wait", "done", "failed"}

func (k PairingKind) String() string { return pairingNames[k] }

// PairingStep is one step of linking a line. The screen can show every step
// without knowing the network. Text of scan, code and passkey steps is secret:
// it never reaches a log.
type PairingStep struct {
	Kind       PairingKind
	Text       string
	Index      int       // this QR is the Index-th …
	Count      int       // … of Count, 0 when it does not apply
	Expires    time.Time // when Text stops working, zero if it does not
	SessionEnd time.Time // when the whole attempt ends, zero if it does not
	Err        error     // for PairingFailed: a sentence
}

// PairingMethod is how the person wants to link.
type PairingMethod int

const (
	ByQR PairingMethod = iota
	ByCode
)

// PairingRequest starts linking a line.
type PairingRequest struct {
	Method PairingMethod
	Number string // E.164; needed for ByCode
}

// Pairer is a linking attempt in progress. Steps is closed after PairingDone
// or PairingFailed.
type Pairer interface {
	Steps() <-chan PairingStep
	// Passkey hands back the browser's answer (JSON) to a PairingPasskey step.
	Passkey(answer string) error
	// Confirm answers a PairingConfirm step; false stops and unlinks.
	Confirm(same bool) error
	// Cancel ends the attempt; Steps is closed.
	Cancel()
}
