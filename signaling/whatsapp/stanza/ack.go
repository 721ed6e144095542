package stanza

import (
	"errors"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/relay"
)

// Ack is the server's answer to one of our call stanzas.
type Ack struct {
	Stanza   string // id of the stanza that it answers
	Type     Kind   // kind of that stanza, if the server says so
	Code     int    // 0 is success
	CallID   string
	Relay    *relay.Block
	Devices  []types.JID // of the callee
	Settings map[types.JID]Settings
}

// ErrNotAck says that a stanza is no answer to a call stanza.
var ErrNotAck = errors.New("the stanza is not the ack of a call")

// ParseAck reads an <ack class="call">.
func ParseAck(n *waBinary.Node) (Ack, error) {
	if n == nil || n.Tag != "ack" || text(n, "class") != "call" || id(n, "id") == "" {
		return Ack{}, ErrNotAck
	}
	a := Ack{
		Stanza: id(n, "id"), Type: Kind(id(n, "type")), Code: errorCode(n),
		Relay: parseRelay(find(n, "relay", 3)), Settings: map[types.JID]Settings{},
	}
	for _, c := range children(n) {
		a.take(&c)
	}
	return a, nil
}

// errorCode reads the error attribute; one that is no number is still an error.
func errorCode(n *waBinary.Node) int {
	if !has(n, "error") {
		return 0
	}
	return number(n, "error", 500)
}

func (a *Ack) take(c *waBinary.Node) {
	switch c.Tag {
	case "error":
		a.CallID = id(c, "call-id")
		if a.Code == 0 {
			a.Code = number(c, "code", 500)
		}
	case "relay":
		a.CallID = id(c, "call-id")
	case "voip_settings":
		if j := jid(c, "jid"); len(a.Settings) < maxDevices {
			a.Settings[j] = parseSettings(c)
		}
	case "user":
		a.devices(c)
	}
}

func (a *Ack) devices(user *waBinary.Node) {
	for _, d := range children(user) {
		if j := jid(&d, "jid"); d.Tag == "device" && !j.IsEmpty() && len(a.Devices) < maxDevices {
			a.Devices = append(a.Devices, j)
		}
	}
}

// Receipt is a peer device's confirmation of one of our stanzas.
type Receipt struct {
	Stanza string
	From   types.JID // the device
	Type   string    // "" or "enc_rekey_retry"
	Kind   Kind      // which of our stanzas
	Ref    Ref
	Count  int
}

// ErrNotReceipt says that a receipt does not concern a call.
var ErrNotReceipt = errors.New("the receipt does not concern a call")

// ParseReceipt reads a <receipt> with an offer, accept, reject or enc_rekey
// child.
func ParseReceipt(n *waBinary.Node) (Receipt, error) {
	if n == nil || n.Tag != "receipt" {
		return Receipt{}, ErrNotReceipt
	}
	for _, c := range children(n) {
		if !confirmedByReceipt(Kind(c.Tag)) || id(&c, "call-id") == "" {
			continue
		}
		r := Receipt{
			Stanza: id(n, "id"), From: jid(n, "from"), Type: id(n, "type"), Kind: Kind(c.Tag),
			Ref: Ref{ID: id(&c, "call-id"), Creator: jid(&c, "call-creator")}, Count: max(0, number(&c, "count", 0)),
		}
		if p := jid(n, "participant"); !p.IsEmpty() {
			r.From = p
		}
		return r, nil
	}
	return Receipt{}, ErrNotReceipt
}
