package whatsapp

import (
	"context"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// wire is what the board needs of the connection: a session, or what a test
// puts in its place.
type wire interface {
	// Send puts a stanza on the socket; it does not wait for an answer.
	Send(ctx context.Context, n waBinary.Node) error
	// NewID draws an id for a stanza.
	NewID() string
	// Reseal encrypts a call key anew for one device, with a fresh session, and
	// returns the <to> element and our identity if the device needs it.
	Reseal(ctx context.Context, device types.JID, key [32]byte, count int) (waBinary.Node, *waBinary.Node, error)
	// OwnID is our number's id, for the few stanzas that name their sender.
	OwnID() types.JID
}
