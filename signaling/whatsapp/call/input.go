package call

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// On is one thing that can happen to a call.
type On int

// What can happen: commands of people, stanzas of the peer, answers of the
// server, events of the sound, and timers.
const (
	Nothing On = iota

	Place    // we call
	Answer   // we accept
	Release  // we reject, cancel or hang up; Input.Cause says why
	SetMuted // our microphone

	Offered     // an offer whose key was read, or that has none to read
	Unreadable  // an offer whose key could not be read
	Reached     // receipt of our offer
	Preaccepted // their device rings
	Accepted
	Rejected   // a person declined
	Refusing   // one device cannot: busy, uncallable …
	KeyRefused // one device could not read the key
	Terminated
	AcceptSeen // receipt of our accept
	RejectSeen // receipt of our reject
	Transported
	PeerMuted
	PeerLatency
	VideoAsked // the peer wants video
	Upgraded   // the call became a group call

	OfferAcked
	OfferRefused
	AcceptRefused
	DismissRefused   // the server did not take the dismissal of siblings
	EndAcked         // the server took our terminate or reject
	EndRefused       // it did not
	HeartbeatRefused //

	LegOpened    // a relay answers
	MediaHeard   // the first authentic sound
	MediaStopped // nothing came for five seconds
	MediaBack
	PathDown // no relay answers any more
	PathUp
	Mismatched  // the peer sends a codec that we have not
	MediaFailed // no relay could be reached, or all were lost for good

	SocketDown
	SocketUp

	AckTimeout
	PreacceptTimer
	AnswerTimer
	AlertTimeout
	RingTimeout
	KeyTimeout
	SafetyTimeout
	MediaTimeout
	SilenceTimeout
	LostTimeout
	GraceTimeout
	BeatTimer
	OfflineTimeout
	ConfirmTimeout
)

var onNames = [...]string{
	"nothing",
	"place", "answer", "release", "mute",
	"offer", "unreadable offer", "receipt(offer)", "preaccept", "accept", "reject", "reject busy/uncallable", "reject enc",
	"terminate", "receipt(accept)", "receipt(reject)", "transport", "mute_v2", "relaylatency", "video request", "group upgrade",
	"ack", "ack with error", "ack of accept with error", "ack of dismissal with error", "ack of the end", "ack of the end with error", "ack of heartbeat with error",
	"relay leg open", "media", "no inbound media", "media again", "no relay", "relay again", "codec mismatch", "media failed",
	"websocket down", "websocket up",
	"T_ack", "T_preaccept", "T_answer", "T_alert", "T_ring", "T_key", "T_safety", "T_media", "T_silence", "T_lost", "T_grace", "heartbeat", "T_offline", "T_confirm",
}

func (o On) String() string {
	if o < 0 || int(o) >= len(onNames) {
		return fmt.Sprintf("On(%d)", int(o))
	}
	return onNames[o]
}

// Input is one thing that happened, with what came along. Only On and At are
// always set.
type Input struct {
	On     On
	At     time.Time
	Device types.JID      // the peer device that it came from
	Signal *stanza.Signal // the stanza, if it was one
	Ack    *stanza.Ack    // the server's answer, if it was one
	Cause  phone.Cause    // of Release
	Muted  bool           // of SetMuted
	Leg    Leg            // of LegOpened
}

// Leg is a relay that answered.
type Leg struct {
	Relay   string
	RTT     time.Duration
	Address []byte // verbatim from the relay block
}

// body is the stanza's content, empty if the input is none.
func (i Input) body() stanza.Body {
	if i.Signal == nil {
		return stanza.Body{}
	}
	return i.Signal.Body
}

// signalInputs says which input each kind of stanza is. An offer's is decided
// by whether its key could be read, a reject's by its reason.
var signalInputs = map[stanza.Kind]On{
	stanza.Preaccept: Preaccepted, stanza.Accept: Accepted, stanza.Terminate: Terminated, stanza.Transport: Transported,
	stanza.Mute: PeerMuted, stanza.RelayLatency: PeerLatency,
}

// FromSignal turns a stanza of the peer into an input; Nothing if it only
// wants to be confirmed.
func FromSignal(s *stanza.Signal, at time.Time) Input {
	in := Input{On: signalInputs[s.Kind], At: at, Device: s.Device(), Signal: s}
	switch s.Kind {
	case stanza.Reject:
		in.On = rejectInput(s.Body.Reason)
	case stanza.Video:
		if s.Body.VideoState == videoRequest || s.Body.VideoState == videoRequestV2 {
			in.On = VideoAsked
		}
	case stanza.GroupUpdate:
		if len(s.Body.Members) >= 3 {
			in.On = Upgraded
		}
	}
	return in
}

// States of <video state> that ask for an upgrade, and the one that refuses.
const (
	videoRequest   = 3
	videoRefused   = 5
	videoRequestV2 = 11
)

// rejectInput: only a reject without a reason is a person's decision. Every
// other reason concerns the one device that sent it.
func rejectInput(reason string) On {
	switch reason {
	case "":
		return Rejected
	case "enc":
		return KeyRefused
	}
	return Refusing
}

// FromReceipt turns a peer's receipt into an input.
func FromReceipt(r stanza.Receipt, at time.Time) Input {
	on := map[stanza.Kind]On{stanza.Offer: Reached, stanza.Accept: AcceptSeen, stanza.Reject: RejectSeen}[r.Kind]
	return Input{On: on, At: at, Device: r.From}
}
