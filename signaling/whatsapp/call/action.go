package call

import (
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// Action is one thing that the line must do. Actions are carried out in order.
type Action interface{ action() }

type (
	// Send sends a stanza. The server's answer comes back as Acked, or as
	// Refused when it is an error; Nothing means that nobody waits for it.
	Send struct {
		stanza.Draft
		Acked, Refused On
		From           bool // add our own id as sender
	}
	// Reencrypt encrypts the call key once more for one device and offers again.
	Reencrypt struct {
		Device types.JID
		Count  int
	}
	// Start starts, or restarts, a timer that comes back as the input On.
	Start struct {
		On    On
		After time.Duration
	}
	// Stop stops a timer.
	Stop struct{ On On }
	// StopAll stops all timers of the call.
	StopAll struct{}

	// OpenMedia opens the relay legs, toward a peer device.
	OpenMedia struct {
		Relay *relay.Block
		Peer  types.JID
	}
	// StartMedia lets sound flow.
	StartMedia struct{}
	// RekeyMedia listens to another device of the peer.
	RekeyMedia struct{ Peer types.JID }
	// UpdateMedia merges a newer relay block.
	UpdateMedia struct{ Relay *relay.Block }
	// DropMedia forgets the legs; others may be opened.
	DropMedia struct{}
	// CloseMedia ends the sound.
	CloseMedia struct{}

	// TellOffer tells the phone that a call rings.
	TellOffer struct{}
	// TellAlerting tells that their phone rings.
	TellAlerting struct{}
	// TellAccepted tells which device answered.
	TellAccepted struct{ Device types.JID }
	// TellMedia tells that sound was heard.
	TellMedia struct{}
	// TellReconnecting tells that sound stopped, or is back.
	TellReconnecting struct{ On bool }
	// TellMuted tells that the peer muted itself.
	TellMuted struct{ Muted bool }
	// TellReleased tells that the call is over. It comes once.
	TellReleased struct {
		Cause  phone.Cause
		Detail string
	}
	// Confirmed says that the other side heard that the call is over.
	Confirmed struct{}
	// Unconfirmed says that nothing proved it, also after a repetition.
	Unconfirmed struct{}
	// Note is a line for the log.
	Note struct{ Text string }
)

func (Send) action()             {}
func (Reencrypt) action()        {}
func (Start) action()            {}
func (Stop) action()             {}
func (StopAll) action()          {}
func (OpenMedia) action()        {}
func (StartMedia) action()       {}
func (RekeyMedia) action()       {}
func (UpdateMedia) action()      {}
func (DropMedia) action()        {}
func (CloseMedia) action()       {}
func (TellOffer) action()        {}
func (TellAlerting) action()     {}
func (TellAccepted) action()     {}
func (TellMedia) action()        {}
func (TellReconnecting) action() {}
func (TellMuted) action()        {}
func (TellReleased) action()     {}
func (Confirmed) action()        {}
func (Unconfirmed) action()      {}
func (Note) action()             {}
