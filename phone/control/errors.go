package control

import (
	"context"
	"errors"
	"strings"

	"tring/phone"
)

// AskFirst is the code of a call that a person must confirm: the same request
// with a "yes" places it.
const AskFirst = "ask_first"

// codes name the errors that a client may want to tell apart. A Cause's code
// is its own name.
var codes = []struct {
	code string
	err  error
}{
	{"unsupported", phone.ErrUnsupported},
	{"unconfirmed", phone.ErrUnconfirmed},
	{"not_linked", phone.ErrNotLinked},
	{"no_call", phone.ErrNoCall},
	{"no_incoming", phone.ErrNoIncoming},
	{"ambiguous", phone.ErrAmbiguous},
	{"no_sound", phone.ErrNoSound},
	{"in_call", phone.ErrBusy},
	{"in_use", phone.ErrInUse},
	{"not_recorded", phone.ErrNotRecorded},
	{"no_line", phone.ErrNoLine},
	{"not_linking", phone.ErrNotLinking},
	{"closed", phone.ErrClosed},
	{"timeout", context.DeadlineExceeded},
}

// describe turns an error into what goes over the socket.
func describe(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return &Error{c.code, err.Error()}
		}
	}
	var ask phone.AskFirst
	if errors.As(err, &ask) {
		return &Error{AskFirst, strings.Join(ask.Reasons, " ")}
	}
	var cause phone.Cause
	if errors.As(err, &cause) {
		return &Error{cause.String(), err.Error()}
	}
	return &Error{"failed", err.Error()}
}

// errorOf is the inverse of describe.
func errorOf(code string) error {
	for _, c := range codes {
		if c.code == code {
			return c.err
		}
	}
	var cause phone.Cause
	cause.UnmarshalText([]byte(code))
	if cause == phone.CauseUnknown {
		return nil
	}
	return cause
}
