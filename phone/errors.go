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
	ErrClosed      = errors.New("the phone has been shut down")
)
