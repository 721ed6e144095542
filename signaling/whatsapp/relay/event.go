package relay

import (
	"fmt"
	"time"
)

// EventKind is one thing that happened to a call's media.
type EventKind int

const (
	// LegOpen says that a relay answered for the first time; Relay and Latency
	// are what signalling reports as relaylatency. Once for each relay.
	LegOpen EventKind = iota
	// FirstMedia says that the first authentic sound of the far end came.
	FirstMedia
	// MediaStopped says that nothing of the far end, not even a report, came for
	// MediaGap.
	MediaStopped
	// MediaBack follows MediaStopped.
	MediaBack
	// Reconnecting says that no leg is open; all are being dialled.
	Reconnecting
	// Reconnected follows Reconnecting.
	Reconnected
	// Lost says that the media are gone for good; Err says why. It is the last.
	Lost
)

var eventNames = [...]string{"leg open", "first media", "media stopped", "media back", "reconnecting", "reconnected", "lost"}

func (k EventKind) String() string {
	if k < 0 || int(k) >= len(eventNames) {
		return fmt.Sprintf("EventKind(%d)", int(k))
	}
	return eventNames[k]
}

// Event is what the signalling side hears from a Session.
type Event struct {
	Kind    EventKind
	Relay   Endpoint      // of LegOpen
	Latency time.Duration // of LegOpen: there and back
	Err     error         // of Lost
}
