package call

import (
	"time"

	"tring/phone"
)

// Action is one thing to do.
type Action interface{ action() }

type (
	// Describe makes our answer to their offer; Described or Undescribed follows.
	Describe struct{}
	// Request sends a request to Meta; its outcome follows as an input.
	Request struct{ What Verb }
	// Apply takes Meta's answer to our offer.
	Apply struct{}
	// Listen lets their sound in, before ours may leave.
	Listen struct{}
	// Open lets sound pass, both ways.
	Open struct{}
	// Shut ends the sound.
	Shut struct{}
	// Start starts a timer that comes back as an input; one that runs is set anew.
	Start struct {
		On    On
		After time.Duration
	}
	// Stop stops a timer.
	Stop struct{ On On }
	// StopAll stops every timer.
	StopAll struct{}
	// Tell tells the phone.
	Tell struct {
		What What
		On   bool // of TellReconnecting
	}
	// Released tells the phone that the call is over, once.
	Released struct {
		Cause  phone.Cause
		Detail string
	}
	// Settled says that Meta knows of the end, or (Failed) that it may not.
	Settled struct{ Failed bool }
)

func (Describe) action() {}
func (Request) action()  {}
func (Apply) action()    {}
func (Listen) action()   {}
func (Open) action()     {}
func (Shut) action()     {}
func (Start) action()    {}
func (Stop) action()     {}
func (StopAll) action()  {}
func (Tell) action()     {}
func (Released) action() {}
func (Settled) action()  {}

// Verb is one of Meta's actions on a call that exists.
type Verb string

// The verbs, as Meta writes them.
const (
	PreAccept Verb = "pre_accept"
	Accept    Verb = "accept"
	Reject    Verb = "reject"
	Terminate Verb = "terminate"
)

// What is what the phone is told.
type What int

// See the events of phone.Line of similar names.
const (
	TellOffer What = iota
	TellAlerting
	TellAccepted
	TellMedia
	TellReconnecting
)
