package chat

import (
	"slices"
	"time"
)

// CallState is where a call is.
type CallState string

// The states of a call. Every call ends; there is no way back.
const (
	CallRinging  CallState = "ringing"
	CallAccepted CallState = "accepted"
	CallEnded    CallState = "ended"
)

// limits are the times of a call that the server keeps an eye on, so that none
// stays for ever when clients go wrong.
type limits struct {
	ring     time.Duration // longer than any client rings
	lost     time.Duration // a side without a connection for so long has left the call
	dismiss  time.Duration // for the caller to stop the callee's other devices
	crossing time.Duration // what was under way when a call ended is nobody's fault
	fresh    time.Duration // an older offer is not delivered any more, only noticed
}

var standard = limits{
	ring: 120 * time.Second, lost: 30 * time.Second, dismiss: 3 * time.Second,
	crossing: 2 * time.Second, fresh: 45 * time.Second,
}

// keepCalls is how many ended calls are remembered.
const keepCalls = 256

// call is one call between a caller's device and a callee's devices. Guarded
// by Server.mu.
type call struct {
	id       string
	creator  *device
	callee   *Account
	video    bool
	state    CallState
	started  time.Time
	answered time.Time
	ended    time.Time

	offered    []*device        // in the order of their numbers
	ringing    map[*device]bool // have said preaccept
	out        map[*device]bool // declined for themselves: busy, uncallable, enc
	acceptedBy *device
	endedBy    *device // nil: the server
	reason     string  // how it ended
	duration   time.Duration
	// undismissed are devices that still ring although the call has been
	// answered or declined; the caller has to stop them.
	undismissed map[*device]bool

	relayed      bool // the relays know the call
	callerRelay  RelayBlock
	calleeRelay  RelayBlock
	ringTimer    *time.Timer
	dismissTimer *time.Timer
	lostTimers   map[*device]*time.Timer
	beatTimer    *time.Timer
	beats        map[*device]time.Time // the latest heartbeats, while they are watched
}

// CallInfo is a call as it can be read from outside.
type CallInfo struct {
	ID           string        `json:"id"`
	Caller       string        `json:"caller"`
	CallerDevice uint16        `json:"caller_device"`
	Callee       string        `json:"callee"`
	Offered      []uint16      `json:"offered"`           // the callee's devices
	Ringing      []uint16      `json:"ringing,omitempty"` // of them
	AcceptedBy   *uint16       `json:"accepted_by,omitempty"`
	Video        bool          `json:"video,omitempty"`
	State        CallState     `json:"state"`
	Reason       string        `json:"reason,omitempty"`
	Started      time.Time     `json:"started"`
	Answered     time.Time     `json:"answered,omitzero"`
	Ended        time.Time     `json:"ended,omitzero"`
	Duration     time.Duration `json:"duration,omitempty"` // as the side that hung up reported it
}

// Calls lists the calls that are going on, then the latest ended ones, each in
// the order in which they began.
func (s *Server) Calls() []CallInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []CallInfo{}
	for _, c := range s.calls {
		if c.state != CallEnded {
			out = append(out, c.info())
		}
	}
	slices.SortFunc(out, func(a, b CallInfo) int { return a.Started.Compare(b.Started) })
	for _, id := range s.ended {
		out = append(out, s.calls[id].info())
	}
	return out
}

func (c *call) info() CallInfo {
	i := CallInfo{
		ID: c.id, Caller: c.creator.account.Number(), CallerDevice: c.creator.id, Callee: c.callee.Number(),
		Video: c.video, State: c.state, Reason: c.reason, Offered: []uint16{},
		Started: c.started, Answered: c.answered, Ended: c.ended, Duration: c.duration,
	}
	for _, d := range c.offered {
		i.Offered = append(i.Offered, d.id)
		if c.ringing[d] {
			i.Ringing = append(i.Ringing, d.id)
		}
	}
	if c.acceptedBy != nil {
		id := c.acceptedBy.id
		i.AcceptedBy = &id
	}
	return i
}

// concerns reports whether a device is in the call or was offered it.
func (c *call) concerns(d *device) bool { return d == c.creator || slices.Contains(c.offered, d) }

// stillRinging are the offered devices that may yet answer.
func (c *call) stillRinging() []*device {
	var out []*device
	for _, d := range c.offered {
		if c.state == CallRinging && !c.out[d] {
			out = append(out, d)
		}
	}
	return out
}

// peers are the devices that a stanza of d without a narrower address goes to.
func (c *call) peers(d *device) []*device {
	switch {
	case d != c.creator:
		return []*device{c.creator}
	case c.acceptedBy != nil:
		return []*device{c.acceptedBy}
	}
	return c.stillRinging()
}
