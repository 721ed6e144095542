package phone

import "errors"

// Errors of lines and of the phone. Each is a sentence; wrap with %w and the
// thing that failed.
var (
	ErrUnsupported = errors.New("this line cannot do that")
	ErrUnconfirmed = errors.New("the other side did not confirm that the call ended")
	ErrNotLinked   = errors.New("the line is not linked; link it first")
	ErrNoCall      = errors.New("there is no such call")
	ErrNoIncoming  = errors.New("no call is ringing")
	ErrAmbiguous   = errors.New("more than one person fits; use the number")
	ErrNoLine      = errors.New("there is no such line; see the lines in the configuration")
	ErrBusy        = errors.New("finish or decline the other call first")
	ErrInUse       = errors.New("an echo test or a recording uses the sound devices; stop it first")
	ErrNotTalking  = errors.New("the call is not in progress")
	ErrNoSound     = errors.New("this phone has no sound devices")
	ErrNoNumber    = errors.New("that is neither a number nor a known name")
	ErrClosed      = errors.New("the phone has been shut down")
)
