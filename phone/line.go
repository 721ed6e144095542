package phone

import (
	"context"
	"fmt"
	"time"

	"tring/audio"
)

// Line is one number on one network that can place and receive calls. It is
// the only thing the phone knows of a network; phone/linetest is the suite
// that every implementation must pass.
//
// Methods may be called from any goroutine and return when the network has
// taken the request or ctx ended; what follows comes as LineEvents.
type Line interface {
	// Info describes the line; it changes only with a LineChanged event.
	Info() LineInfo
	// Run connects, keeps connected until ctx ends, and tells everything that
	// happens through tell, in order and never concurrently. tell does not
	// block. Run returns nil after ctx ended, having released every call; any
	// other error means that the line cannot work until it is run again.
	Run(ctx context.Context, tell func(LineEvent)) error
	// Dial places a call and returns its leg once the offer has been sent. id
	// is the phone's id for the call. Errors wrap a Cause.
	Dial(ctx context.Context, id string, to Party, o DialOptions) (Leg, error)
}

// LineKind says which network a line is on.
type LineKind string

const (
	PersonalLine LineKind = "personal" // linked companion device of a person's number
	BusinessLine LineKind = "business" // Cloud API number of a business
)

// LineInfo is what people may know of a line.
type LineInfo struct {
	Name   string     `json:"name"` // the line's name in the configuration
	Kind   LineKind   `json:"kind"`
	Own    Party      `json:"own"` // our own number and name, as far as known
	Status LineStatus `json:"status"`
	Detail string     `json:"detail,omitempty"` // a sentence when Status is not LineReady
	// BanEnds is when LineBanned is over, zero if the network does not say.
	BanEnds time.Time `json:"ban_ends,omitzero"`
	// LockedUntil is until when the network lets the line neither write to nor
	// call people it does not know; zero if it may.
	LockedUntil time.Time `json:"locked_until,omitzero"`
	// MediaEnd says where the sound is decrypted: "their device" or "Meta".
	MediaEnd string `json:"media_end,omitempty"`
	// Pickup is how many of the last calls to a business line were answered.
	Pickup Pickup `json:"pickup,omitzero"`
}

// Pickup is how many of the customers' calls of the last week were answered.
// Meta hides the call button of numbers that rarely answer.
type Pickup struct {
	Offered  int  `json:"offered"`
	Answered int  `json:"answered"`
	Low      bool `json:"low,omitempty"` // so few that the network may hide the call button
}

// Rate is the share that was answered; 1 before there is any call.
func (p Pickup) Rate() float64 {
	if p.Offered == 0 {
		return 1
	}
	return float64(p.Answered) / float64(p.Offered)
}

// LineStatus is how usable a line is.
type LineStatus int

const (
	LineOffline    LineStatus = iota // not run, or waiting to reconnect
	LineConnecting                   // connecting or logging in
	LineUnlinked                     // never linked
	LineLoggedOut                    // unlinked from the phone; link again
	LineReplaced                     // the same link was opened elsewhere
	LineBanned                       // temporarily banned; Detail has the time
	LineOutdated                     // the network wants a newer client
	LineReady                        // can place and receive calls
)

var lineStatusNames = [...]string{"offline", "connecting", "unlinked", "logged out", "replaced", "banned", "outdated", "ready"}

func (s LineStatus) String() string {
	if s < 0 || int(s) >= len(lineStatusNames) {
		return fmt.Sprintf("LineStatus(%d)", int(s))
	}
	return lineStatusNames[s]
}

// MarshalText writes the status's name.
func (s LineStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a status's name.
func (s *LineStatus) UnmarshalText(text []byte) error {
	for i, name := range lineStatusNames {
		if name == string(text) {
			*s = LineStatus(i)
			return nil
		}
	}
	return fmt.Errorf("there is no line status %q", text)
}

// DialOptions changes how a call is placed.
type DialOptions struct {
	Video bool // ask for video; we send sound only
	// Permission or callback payloads of a business line travel here.
	Payload string
	// Today is how many calls the line has placed in the last 24 hours, before
	// this one: for networks that count them. The log knows, over restarts.
	Today int
}

// Leg is our side of one call as its network knows it. All methods are safe
// for concurrent use and idempotent; after the leg's LegReleased event they
// return its Cause.
type Leg interface {
	// ID is the call's id on the network.
	ID() string
	// Party is the other end, as well as it is known by now.
	Party() Party
	// Answer accepts an incoming call.
	Answer(ctx context.Context) error
	// Release ends the call in whatever state it is: rejects an incoming one
	// (Declined, Busy, RejectedByRule …), cancels an outgoing one, hangs up an
	// established one. It returns when the other side confirmed it, or with an
	// error wrapping ErrUnconfirmed when nothing proved that it was heard.
	// NoAnswer lets an incoming call go without a word to the network: our
	// other devices may ring on.
	Release(ctx context.Context, why Cause) error
	// Mute tells the other side that our microphone is muted; the audio
	// session does the muting itself.
	Mute(ctx context.Context, muted bool) error
	// SendDigits plays keypad digits to the other side as the network wants
	// them; ErrUnsupported where it has none.
	SendDigits(ctx context.Context, digits string) error
	// Stream is the leg's encoded sound. It exists from the first moment, so
	// that a device can be opened while it rings; packets flow once answered.
	Stream() audio.Stream
}

// LineEvent is one thing that a line tells the phone.
type LineEvent interface{ lineEvent() }

type (
	// LineChanged tells that Info has changed.
	LineChanged struct{ Info LineInfo }
	// OfferReceived tells of a call that may ring now.
	OfferReceived struct{ Offer IncomingOffer }
	// OfferMissed tells of a call that must not ring: stale, offline, answered
	// or ended before we saw it. Cause says which.
	OfferMissed struct {
		Offer IncomingOffer
		Cause Cause
	}
	// LegAlerting tells that the other side's phone rings.
	LegAlerting struct{ Leg Leg }
	// LegAccepted tells that somebody answered; Party is the device that did.
	LegAccepted struct {
		Leg   Leg
		Party Party
	}
	// LegMedia tells that the first sound of the other side has been heard.
	LegMedia struct{ Leg Leg }
	// LegReconnecting tells that sound has stopped and is being restored, or
	// (On false) that it is back.
	LegReconnecting struct {
		Leg Leg
		On  bool
	}
	// LegPeerMuted tells that the other side muted or unmuted itself.
	LegPeerMuted struct {
		Leg   Leg
		Muted bool
	}
	// LegDigit tells of one keypad digit received.
	LegDigit struct {
		Leg   Leg
		Digit rune
	}
	// LegReleased tells that the call is over. It is the leg's last event and
	// comes exactly once, also when we ended the call.
	LegReleased struct {
		Leg    Leg
		Cause  Cause
		Detail string // what the network said, sanitised
	}
	// TextReceived tells of a text message.
	TextReceived struct {
		From Party
		Text string
		At   time.Time
	}
	// ContactsChanged tells that Contacts returns something new.
	ContactsChanged struct{}
	// PartyLearned tells that two ids belong to the same person.
	PartyLearned struct{ Party Party }
	// HistoryLearned tells of calls that other devices of ours had.
	HistoryLearned struct{ Calls []PastCall }
	// PermissionLearned tells what somebody says to being called, as a line
	// knows it when their call begins, and whenever they change it.
	PermissionLearned struct {
		Party      Party
		Permission Permission
	}
	// LineNotice is a sentence that people should read: a warning of the
	// network's about the line.
	LineNotice struct{ Sentence string }
)

func (LineChanged) lineEvent()     {}
func (OfferReceived) lineEvent()   {}
func (OfferMissed) lineEvent()     {}
func (LegAlerting) lineEvent()     {}
func (LegAccepted) lineEvent()     {}
func (LegMedia) lineEvent()        {}
func (LegReconnecting) lineEvent() {}
func (LegPeerMuted) lineEvent()    {}
func (LegDigit) lineEvent()        {}
func (LegReleased) lineEvent()     {}
func (TextReceived) lineEvent()    {}
func (ContactsChanged) lineEvent() {}
func (PartyLearned) lineEvent()    {}
func (HistoryLearned) lineEvent()  {}

func (PermissionLearned) lineEvent() {}
func (LineNotice) lineEvent()        {}

// IncomingOffer is a call that somebody places to us.
type IncomingOffer struct {
	Leg       Leg // nil for an offer that can only be shown (group call without support, missed)
	ID        string
	From      Party
	Video     bool
	Group     bool
	OfferedAt time.Time // when the network took the offer
	Received  time.Time // when it reached us
	Platform  string    // the caller's app, e.g. "android"
	Version   string
	Payload   string    // what a business button or link carried
	Deadline  time.Time // when answering becomes impossible, zero if unknown
	// Surely is until when answering works for certain, zero if the network
	// does not say: what a rule wants then must come before that.
	Surely time.Time
	// Permission is whether they let us call them, as far as it is known.
	Permission Permission
}

// PastCall is a call that another device of ours had.
type PastCall struct {
	ID       string
	Party    Party
	Incoming bool
	Video    bool
	Started  time.Time
	Duration time.Duration
	Cause    Cause
}

// The abilities below are optional; a Line that has one implements it.

// Linker is a line that must be linked to an account by a person.
type Linker interface {
	Link(ctx context.Context, req PairingRequest) (Pairer, error)
	Unlink(ctx context.Context) error
}

// Texter is a line that can send text messages.
type Texter interface {
	SendText(ctx context.Context, to Party, text string) error
}

// Blocker is a line that can block people.
type Blocker interface {
	SetBlocked(ctx context.Context, who Party, blocked bool) error
}

// AddressBook is a line that knows contacts.
type AddressBook interface {
	Contacts(ctx context.Context) ([]Party, error)
	// Resolve finds who is meant by a number in any human form, a name or a
	// network id. Errors wrap NotOnNetwork or ErrAmbiguous.
	Resolve(ctx context.Context, who string) (Party, error)
}

// Inspector is a line that can say whether it may place calls, and why not.
type Inspector interface {
	CallingEnabled(ctx context.Context) error
}

// Recoverer is a line that can end calls which a crashed run left open.
type Recoverer interface {
	Recover(ctx context.Context, id string, party Party, incoming bool) error
}
