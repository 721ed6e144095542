package call

import (
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/stanza"
)

// Plan is what is fixed for a call from its beginning.
type Plan struct {
	Ref          stanza.Ref
	Outgoing     bool
	Own          types.JID   // our LID device
	Peer         types.JID   // the peer's bare LID
	PeerPN       types.JID   // the peer's number, empty if unknown
	Device       types.JID   // the caller's device, for an incoming call
	Rung         []types.JID // every device of the callee, for an outgoing call
	Offer        stanza.Draft
	Registration uint32
	Group        bool             // a group call: shown and declined, never answered
	Mediable     bool             // the offer carries a key and a relay
	Metadata     *stanza.Metadata // of the offer, copied into the accept
	Choices      Choices
	Timers       Timers
}

// Choices are the points on which the published sources contradict each
// other. The defaults follow the stronger evidence; docs/live-checklist.md
// says what to try on a real account.
type Choices struct {
	Preaccept        Preaccept
	Dismiss          Dismiss
	RejectFrom       bool // put our own id into a reject at once, not only after an error
	Heartbeat        bool
	GuardAnswer      bool // do not believe a plain terminate in the first moments after our accept
	Seconds          bool // duration reports in seconds instead of milliseconds
	Opus             Opus
	AcceptCapability bool // repeat our capability in the accept
	AcceptOverlay    bool // ask for plain Opus in the accept; without it the peer decodes MLow
	AwaitMute        bool // hold the accept back until the caller's first mute state, at most Timers.Answer
	EndOnMismatch    bool // hang up when the peer sends what we cannot decode
	RetryKeys        bool // encrypt again for a device that could not read the key; else that device is out
	Capability       stanza.Capability
}

// Preaccept says when a preaccept is sent.
type Preaccept string

// WhatsApp Web sends it by itself, whatsapp-rust with the answer.
const (
	PreacceptEager      Preaccept = "eager"
	PreacceptWithAnswer Preaccept = "with-answer"
	PreacceptOff        Preaccept = "off"
)

// Dismiss says how the callee's other devices are told that it is over.
type Dismiss string

// WhatsApp Web lists them in one stanza, whatsapp-rust sends one each.
const (
	DismissTogether Dismiss = "together"
	DismissEach     Dismiss = "each"
)

// Opus says which flavour of plain Opus our answer asks for.
type Opus string

// Flavours of Opus, and MLow for a build that has that codec.
const (
	Opus16 Opus = "16khz" // payload type 120, RTP clock 16 kHz
	Opus48 Opus = "48khz" // payload type 111, RTP clock 48 kHz
)

// DefaultChoices returns the graded defaults.
func DefaultChoices() Choices {
	return Choices{
		Preaccept: PreacceptEager, Dismiss: DismissTogether, Heartbeat: true, GuardAnswer: true, Opus: Opus16,
		AcceptCapability: true, AcceptOverlay: true, RetryKeys: true, EndOnMismatch: true, Capability: stanza.WebCapability.Without(stanza.MLow),
	}
}

// Timers are the waiting times of a call.
type Timers struct {
	Preaccept time.Duration // from the offer to our preaccept: long enough to decide that it shall not ring
	Ack       time.Duration // for the server's answer to the offer
	Alert     time.Duration // from a device's receipt until it counts as ringing without a preaccept
	Ring      time.Duration // until we give up calling; the network's own setting goes before it
	Safety    time.Duration // until we stop ringing without any word
	Answer    time.Duration // that an accept waits for the caller's mute state, where that is chosen
	Key       time.Duration // for the repeated offer after an unreadable one
	Media     time.Duration // from the answer to the first sound
	Silence   time.Duration // from "no inbound media" to "reconnecting"
	Lost      time.Duration // from "reconnecting" to the end
	Grace     time.Duration // for sound after an accept that the server refused with 500
	Guard     time.Duration // in which a terminate right after our accept is not believed
	Beat      time.Duration // between heartbeats
	Offline   time.Duration // without a websocket
	Confirm   time.Duration // until an unconfirmed end is repeated, then reported
}

// DefaultTimers returns the values that the sources agree on, or the middle of
// what they report (oxidezap/whatsapp-rust, Auties00/Cobalt, WhatsApp Web's
// AB properties).
func DefaultTimers() Timers {
	return Timers{
		Preaccept: 100 * time.Millisecond, Ack: 10 * time.Second, Alert: 1500 * time.Millisecond, Ring: 60 * time.Second, Safety: 120 * time.Second,
		Answer: time.Second, Key: 15 * time.Second, Media: 30 * time.Second, Silence: 5 * time.Second, Lost: 20 * time.Second, Grace: 5 * time.Second,
		Guard: 500 * time.Millisecond, Beat: 10 * time.Second, Offline: 30 * time.Second, Confirm: 2 * time.Second,
	}
}
