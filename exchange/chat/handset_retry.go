package chat

import (
	"encoding/binary"
	"slices"
	"strconv"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/types"
)

// Signal sessions break when one side loses its memory. Who cannot decrypt a
// message asks for it again with fresh keys, and who is asked encrypts it anew.

// maxRetries is how often one message is asked for.
const maxRetries = 4

// sentMessage is what a handset sent, in case that it is asked for it again.
type sentMessage struct {
	id      string
	to      types.JID
	attrs   attrs  // of the stanza
	plain   []byte // for devices of the other side
	copied  []byte // for own devices
	retries int
}

// keepSent bounds a handset's memory of what it sent.
const keepSent = 30

// keepSentMessage remembers a message. Called with Server.mu held.
func (h *Handset) keepSentMessage(m *sentMessage) {
	if len(h.sent) >= keepSent {
		h.sent = slices.Delete(h.sent, 0, 1)
	}
	h.sent = append(h.sent, m)
}

// askAgain asks the sender of a message that does not decrypt to send it again.
func (h *Handset) askAgain(n, enc *node) {
	count, _ := strconv.Atoi(text(enc, "count"))
	if count >= maxRetries {
		return
	}
	made, err := h.keys.GetOrGenPreKeys(h.account.server.ctx, 1)
	if err != nil {
		h.log("prekeys cannot be made", err)
		return
	}
	h.settle()
	signed := h.signal.SignedPreKey
	oneTime := publicKey{ID: keyID(made[0].KeyID), Value: made[0].Pub[:]}
	again := publicKey{ID: keyID(signed.KeyID), Value: signed.Pub[:], Signature: signed.Signature[:]}
	receipt := node{
		Tag:   "receipt",
		Attrs: attrs{"id": text(n, "id"), "to": n.Attrs["from"], "type": "retry", "category": text(n, "category")},
		Content: []node{
			{Tag: "retry", Attrs: attrs{"count": strconv.Itoa(count + 1), "id": text(n, "id"), "t": n.Attrs["t"], "v": "1"}},
			{Tag: "registration", Content: binary.BigEndian.AppendUint32(nil, h.signal.RegistrationID)},
			{Tag: "keys", Content: []node{
				{Tag: "type", Content: []byte{ecc.DjbType}},
				{Tag: "identity", Content: h.identity()},
				oneTime.node("key"), again.node("skey"),
			}},
		},
	}
	if recipient, ok := n.Attrs["recipient"]; ok {
		receipt.Attrs["recipient"] = recipient
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routeReceipt(h.device(), &receipt)
}

// takeReceipt sends a message again to a device that could not decrypt it.
func (h *Handset) takeReceipt(n *node) {
	from, _ := jid(n, "from")
	if text(n, "type") != "retry" {
		return
	}
	s := h.account.server
	s.mu.Lock()
	d := s.findDevice(from)
	i := slices.IndexFunc(h.sent, func(m *sentMessage) bool { return m.id == text(n, "id") })
	if d == nil || i < 0 || h.sent[i].retries >= maxRetries {
		s.mu.Unlock()
		return
	}
	m := h.sent[i]
	m.retries++
	target, count := d.lid(), m.retries
	s.mu.Unlock()
	if err := h.sendAgain(m, target, count); err != nil {
		h.log("a message cannot be sent again", err)
	}
}

func (h *Handset) sendAgain(m *sentMessage, target types.JID, count int) error {
	h.crypto.Lock()
	defer h.crypto.Unlock()
	if err := h.keys.DeleteSession(h.account.server.ctx, target.SignalAddress().String()); err != nil {
		return err
	}
	content := m.plain
	if h.own(target) {
		content = m.copied
	}
	enc, err := h.encrypt(target, slices.Clone(content), attrs{"count": strconv.Itoa(count)})
	if err != nil {
		return err
	}
	h.settle()
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routeMessage(h.device(), &node{
		Tag: "message", Attrs: with(node{Attrs: m.attrs}, "to", m.to).Attrs,
		Content: []node{{Tag: "participants", Content: []node{{Tag: "to", Attrs: attrs{"jid": target}, Content: []node{enc}}}}},
	})
	return nil
}
