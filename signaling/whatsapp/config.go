package whatsapp

import (
	"errors"
	"log/slog"
	"time"

	"tring/audio"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// Config is what a Line is made of.
type Config struct {
	Name string // the line's name in the configuration
	Dir  string // where its store is kept; created with mode 0700
	// Exchange is a local exchange; nil is WhatsApp.
	Exchange *Network
	Media    relay.Options
	Choices  Choices
	Timers   Timers        // zero means DefaultTimers
	Region   string        // for numbers without a country code, ISO 3166
	Quiet    bool          // do not say that we are online while running
	Log      *slog.Logger  // discarded if nil
	open     opener        // replaces the relay in tests
	route    func() string // replaces the routing table in tests
}

// Choices are the points on which the published descriptions of the network
// contradict each other. Zero values are filled from DefaultChoices by name;
// docs/live-checklist.md says what each changes and how to try it.
type Choices struct {
	call.Choices
	// TokenElement is how the privacy token of the callee is called in an
	// offer: "privacy" as captured, or "tctoken" (AstraOnlineWeb/AstraCalls).
	TokenElement string
	// Rates of the <audio> children of an offer. WhatsApp Web sends 8000 and
	// 16000, whatsapp-rust only 16000.
	Rates []int
	// Overlay is whether and where an offer asks the callee to decode plain
	// Opus.
	Overlay stanza.OverlayPlace
	// CallerCodec is what we send in calls that we place, until the callee says
	// that it takes plain Opus.
	CallerCodec CallerCodec
	// StripKeys sends an offer without any key when one device could not be
	// encrypted for, as WhatsApp Web's module does; else only that device is
	// left out.
	StripKeys bool
	// DialNumber places the call to the bare number when the callee's hidden
	// id cannot be found, as WaCalls does. It mostly rings nowhere.
	DialNumber bool
	// StaleAfter is how old an offer may be to ring still.
	StaleAfter time.Duration
	// MaxCalls is how many calls may exist at once; further offers are answered
	// "busy" for this device.
	MaxCalls int
	// FewLatencies reports only relays that carry both directions, as
	// whatsapp-rust does; WhatsApp Web reports all.
	FewLatencies bool
	// QuietOffline sends no receipt for calls from the offline queue, as
	// whatsapp-rust does; WhatsApp Web confirms them too.
	QuietOffline bool
}

// CallerCodec is what a caller sends to a callee that has not said what it
// decodes.
type CallerCodec string

// A callee decodes MLow unless it says otherwise; the escape is Opus that an
// MLow decoder understands.
const (
	EscapedOpus CallerCodec = "escape"
	PlainOpus   CallerCodec = "plain"
)

// DefaultChoices returns what the stronger evidence says.
func DefaultChoices() Choices {
	return Choices{
		Choices: call.DefaultChoices(), TokenElement: "privacy", Rates: []int{8000, 16000},
		CallerCodec: EscapedOpus, StaleAfter: time.Minute, MaxCalls: 2,
	}
}

// codecs that a leg can have.
var (
	opus16 = audio.OpusRelay
	opus48 = audio.Codec{Name: "opus", PayloadType: 111, ClockRate: 48000, Rate: 16000, Frame: 60 * time.Millisecond, DTX: true}
)

var (
	errNoName = errors.New("the line has no name")
	errNoDir  = errors.New("the line has no folder for its store")
)

func (c Config) withDefaults() (Config, error) {
	if c.Name == "" {
		return c, errNoName
	}
	if c.Dir == "" {
		return c, errNoDir
	}
	if c.Choices.TokenElement == "" {
		c.Choices = DefaultChoices()
	}
	if c.Timers == (Timers{}) {
		c.Timers = DefaultTimers()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.open == nil {
		c.open = openRelay
	}
	if c.route == nil {
		c.route = route
	}
	return c, nil
}

// Timers are the waiting times of calls.
type Timers = call.Timers

// DefaultTimers returns what the published sources agree on.
func DefaultTimers() Timers { return call.DefaultTimers() }
