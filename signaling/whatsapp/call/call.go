package call

import (
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// Call is one call. It is not safe for concurrent use: one goroutine feeds it.
type Call struct {
	Plan
	state    State
	settings stanza.Settings
	perPeer  map[types.JID]stanza.Settings   // of the offer's ack
	able     map[types.JID]stanza.Capability // of their devices, as they said it

	rung      []types.JID // still to be dismissed
	excluded  []types.JID // devices that cannot
	reached   bool        // some device has the offer
	rings     bool        // some device rings
	device    types.JID   // the peer device that answered, or that calls
	accepted  bool        // the answer itself was seen, not only its sound
	heard     bool
	offered   *relay.Block // of an offer that may still be declined by a rule
	opened    bool         // media was opened
	muted     bool
	peerMuted bool
	mutedSeen bool            // the peer said whether it is muted
	holding   bool            // our accept waits for that
	silent    bool            // no sound comes
	reported  map[string]bool // relays whose latency was reported
	answerAt  time.Time
	talkSince time.Time
	dismissed []types.JID // of the last dismissal, and its reason
	dismissal string

	ending   []Send // what told the other side that it is over
	repeated bool
	settled  bool
	cause    phone.Cause
}

// New makes a call in state Idle.
func New(p Plan) *Call {
	c := &Call{Plan: p, rung: slices.Clone(p.Rung), reported: map[string]bool{}, able: map[types.JID]stanza.Capability{}, device: p.Device}
	if p.Outgoing {
		c.device = p.Peer
	}
	return c
}

// Orphan makes the call that a crashed run left open, in a state from which
// Release tells everybody who may still be in it.
func Orphan(p Plan) *Call {
	c := New(p)
	c.state, c.accepted = Active, !p.Outgoing
	return c
}

// DecodesOpus reports whether the device that answered takes plain Opus: its
// settings say so, or its capability says that it does not know MLow.
func (c *Call) DecodesOpus() bool {
	able, said := c.able[c.device]
	return c.settings.Opus || (said && !able.Has(stanza.MLow))
}

// State is how far the call is.
func (c *Call) State() State { return c.state }

// Alive reports whether the call still exists.
func (c *Call) Alive() bool { return c.state != Ended }

// Cause is why an ended call ended.
func (c *Call) Cause() phone.Cause { return c.cause }

// PeerDevice is the device on the other side, as well as it is known.
func (c *Call) PeerDevice() types.JID { return c.device }

// Settings is what the network said about the peer's codec.
func (c *Call) Settings() stanza.Settings { return c.settings }

// Handle moves the call and returns what is to be done. An input that the
// table does not know in this state does nothing.
func (c *Call) Handle(in Input) []Action {
	if in.Signal != nil && !c.speaks(in.Device) {
		return []Action{Note{"ignored " + in.On.String() + " from somebody who is not in the call"}}
	}
	c.track(in)
	row := c.match(in)
	if row == nil {
		return c.refresh(in)
	}
	out := c.refresh(in)
	if row.do != nil {
		out = append(out, row.do(c, in)...)
	}
	if row.to == Ended && c.state != Ended {
		return append(out, c.end(row.why(c, in), in)...)
	}
	if row.to != same {
		c.state = row.to
	}
	return out
}

// track keeps what must be known in every state, whatever the table says.
func (c *Call) track(in Input) {
	switch in.On {
	case MediaStopped:
		c.silent = true
	case MediaBack, MediaHeard:
		c.silent = false
	}
}

func (c *Call) match(in Input) *row {
	for i := range rows {
		r := &rows[i]
		if r.on == in.On && r.from.has(c.state) && (r.when == nil || r.when(c, in)) {
			return r
		}
	}
	return nil
}

// speaks reports whether a device may say something about this call: the
// peer's devices, and the server itself.
func (c *Call) speaks(j types.JID) bool {
	if stanza.SameUser(j, c.Peer) || (!c.PeerPN.IsEmpty() && stanza.SameUser(j, c.PeerPN)) {
		return true
	}
	return j.Server == "call" || (j.Server == types.DefaultUserServer && j.User == "") || (stanza.Hosted(j) && j.User == c.Peer.User)
}

// refresh takes over a relay block that came along with any stanza: phones
// change networks, and their relays with them.
func (c *Call) refresh(in Input) []Action {
	if c.state == Ended || in.body().Relay == nil || !c.opened && c.offered == nil {
		return nil
	}
	return append(c.open(c.offered), UpdateMedia{in.body().Relay})
}

// end ends the call: timers and sound stop, the phone is told, and what tells
// the other side is watched until it is confirmed.
func (c *Call) end(why phone.Cause, in Input) []Action {
	c.state, c.cause = Ended, why
	out := []Action{StopAll{}, CloseMedia{}, TellReleased{why, detail(in)}}
	if len(c.ending) > 0 {
		return append(out, Start{ConfirmTimeout, c.Timers.Confirm})
	}
	c.settled = true
	return append(out, Confirmed{})
}
