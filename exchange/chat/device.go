package chat

import (
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// link is how a device is reached: over a websocket, or in process when it is
// a handset. push queues and never waits; it is called with Server.mu held.
type link interface {
	push(n node)
}

var (
	_ link = (*conn)(nil)
	_ link = (*Handset)(nil)
)

// device is a handset (id 0) or a linked companion. Guarded by Server.mu.
type device struct {
	account *Account
	id      uint16

	noise        [32]byte
	identity     []byte // 32 bytes
	registration []byte // 4 bytes
	signed       publicKey
	oneTime      []publicKey // handed out once, in order
	uploaded     bool        // the client has sent prekeys at least once
	adv          []byte      // signed device identity, empty for a handset
	keyIndex     uint32
	platform     string
	version      string
	keyless      bool // a fault has withheld its keys from callers
	introduced   bool // the handset has sent keys, names and history
	introducing  bool // it is about to
	hosted       bool // a business platform's, see hosted.go

	link    link // nil while offline
	active  bool // stanzas may be delivered
	pending []*pending
	held    []node // reordered by a fault: sent after the next with their tag
}

// publicKey is a prekey as clients upload it.
type publicKey struct {
	ID        []byte `json:"id"`    // 3 bytes
	Value     []byte `json:"value"` // 32 bytes
	Signature []byte `json:"signature,omitempty"`
}

// pending is a stanza that waits for its acknowledgement.
type pending struct {
	n      node
	at     time.Time
	origin string // the id that the sender of a call stanza gave it
}

func (d *device) lid() types.JID { return d.address(types.HiddenUserServer) }
func (d *device) pn() types.JID  { return d.address(types.DefaultUserServer) }

// address is the device in the number space or the hidden one.
func (d *device) address(server string) types.JID {
	j := d.account.address(server)
	j.Device = d.id
	if d.hosted {
		j.Server = hostedServer(server)
	}
	return j
}

// mediaID is the device as it stands in media keys, the primary with ":0".
func (d *device) mediaID() string {
	return fmt.Sprintf("%s:%d@%s", d.account.lid, d.id, types.HiddenUserServer)
}

// label names the device in logs, its number masked.
func (d *device) label() string { return fmt.Sprintf("%s:%d", mask(d.account.number), d.id) }

func (d *device) online() bool { return d.link != nil && d.active }

// deliver sends a stanza that must be acknowledged: now if the device is
// online, else when it comes back.
func (d *device) deliver(n node) { d.deliverAs(n, text(&n, "id")) }

// deliverAs is deliver for a stanza that has got an id of its own.
func (d *device) deliverAs(n node, origin string) {
	if len(d.pending) >= maxPending {
		d.account.server.log.Warn("an offline queue is full, its oldest stanza is dropped", "device", d.label())
		d.pending = d.pending[1:]
	}
	d.pending = append(d.pending, &pending{n, time.Now(), origin})
	d.account.queueChanged()
	if d.online() {
		d.account.server.transmit(d, n)
	}
}

// maxPending bounds the offline queue of one device.
const maxPending = 2000

// send sends a stanza that nobody waits for, if the device is online.
func (d *device) send(n node) {
	if d.link != nil {
		d.account.server.transmit(d, n)
	}
}

// confirm takes a stanza off the pending list: it was acknowledged. It returns
// nil when none waited.
func (d *device) confirm(tag, id string) *pending {
	for i, p := range d.pending {
		if p.n.Tag == tag && text(&p.n, "id") == id {
			d.pending = append(d.pending[:i:i], d.pending[i+1:]...)
			d.account.queueChanged()
			return p
		}
	}
	return nil
}
