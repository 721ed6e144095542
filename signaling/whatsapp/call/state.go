package call

import (
	"fmt"
	"strings"
)

// State is how far a call has come, in the network's own steps.
type State int

// States of a call. The first group is the caller's, the second the callee's,
// the third common.
const (
	Idle     State = iota
	Offering       // offer sent, the server has not answered
	Calling        // the server took the offer, nothing rings yet
	Alerting       // a device of theirs rings

	KeyWait    // offer here, its key unreadable; asked for it again
	Ringing    // we ring
	AcceptSent // we answered, the caller has not confirmed

	Connecting   // answered, nothing heard yet
	Active       // sound flows
	Reconnecting // sound has stopped
	Ended
)

var stateNames = [...]string{"idle", "offering", "calling", "alerting", "key wait", "ringing", "accept sent", "connecting", "active", "reconnecting", "ended"}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return stateNames[s]
}

// set is a set of states, so that a row can hold for several.
type set uint16

func in(states ...State) set {
	var s set
	for _, st := range states {
		s |= 1 << st
	}
	return s
}

func (s set) has(st State) bool { return s&(1<<st) != 0 }

func (s set) String() string {
	var names []string
	for st := Idle; st <= Ended; st++ {
		if s.has(st) {
			names = append(names, st.String())
		}
	}
	return strings.Join(names, "/")
}

// Sets that several rows share.
var (
	unanswered = in(Offering, Calling, Alerting) // our call, nobody took it yet
	answered   = in(Connecting, Active, Reconnecting)
	talking    = in(AcceptSent, Connecting, Active, Reconnecting)
	living     = unanswered | in(KeyWait, Ringing) | talking
	anytime    = living | in(Idle, Ended)
)
