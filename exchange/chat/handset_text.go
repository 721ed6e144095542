package chat

import (
	"context"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Text is a text message that a handset got, or saw a companion of its own
// account send.
type Text struct {
	ID     string    `json:"id"`
	From   string    `json:"from"` // number
	To     string    `json:"to"`   // number
	Body   string    `json:"body"`
	At     time.Time `json:"at"`
	FromMe bool      `json:"from_me,omitempty"`
}

// keepTexts bounds a handset's memory of texts.
const keepTexts = 200

// SendText sends a text message to every device of the other side and to the
// own companions, and gives the other side a trusted-contact token, as phones
// do when they write to somebody. It returns the message's id.
func (h *Handset) SendText(number, body string) (string, error) {
	s := h.account.server
	other, err := s.Account(number)
	if err != nil {
		return "", err
	}
	plain, err := proto.Marshal(&waE2E.Message{Conversation: proto.String(body)})
	if err != nil {
		return "", err
	}
	copied, err := proto.Marshal(&waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{
		DestinationJID: proto.String(other.lidJID().String()), Message: &waE2E.Message{Conversation: proto.String(body)},
	}})
	if err != nil {
		return "", err
	}
	h.crypto.Lock()
	defer h.crypto.Unlock()
	participants, err := h.sealFor(h.peers(other), plain, copied)
	if err != nil {
		return "", err
	}
	m := &sentMessage{id: messageID(), to: other.lidJID(), plain: plain, copied: copied}
	m.attrs = attrs{"id": m.id, "to": m.to, "type": "text"}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.keepSentMessage(m)
	s.routeMessage(h.device(), &node{
		Tag: "message", Attrs: m.attrs,
		Content: []node{{Tag: "participants", Content: participants}},
	})
	s.issueToken(h.account, other)
	return m.id, nil
}

// peers are the devices of the other side and the own companions.
func (h *Handset) peers(other *Account) []types.JID {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []types.JID
	for _, id := range other.deviceIDs() {
		out = append(out, other.devices[id].lid())
	}
	for _, id := range h.account.deviceIDs() {
		if id != 0 {
			out = append(out, h.account.devices[id].lid())
		}
	}
	return out
}

// sealFor encrypts plain for others and copied for own devices.
func (h *Handset) sealFor(devices []types.JID, plain, copied []byte) ([]node, error) {
	var out []node
	for _, to := range devices {
		content := plain
		if h.own(to) {
			content = copied
		}
		enc, err := h.encrypt(to, slices.Clone(content), nil)
		if err != nil {
			return nil, err
		}
		out = append(out, node{Tag: "to", Attrs: attrs{"jid": to}, Content: []node{enc}})
	}
	h.settle()
	return out, nil
}

// Texts are the latest texts, oldest first.
func (h *Handset) Texts() []Text {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(h.texts)
}

// AwaitText waits for a text that match wants; it looks at those that are
// already here too.
func (h *Handset) AwaitText(ctx context.Context, match func(Text) bool) (Text, error) {
	var found Text
	err := h.await(ctx, func() bool {
		i := slices.IndexFunc(h.texts, match)
		if i >= 0 {
			found = h.texts[i]
		}
		return i >= 0
	})
	return found, err
}

// takeMessage decrypts a message and tells its sender that it is here.
func (h *Handset) takeMessage(n *node) {
	from, _ := jid(n, "from")
	enc, ok := n.GetOptionalChildByTag("enc")
	s := h.account.server
	sender := s.senderOf(from)
	if !ok || sender == nil {
		return
	}
	address := sender.lidJID()
	address.Device = from.Device
	h.crypto.Lock()
	plain, err := h.decrypt(address, &enc)
	h.crypto.Unlock()
	var m waE2E.Message
	if err == nil {
		err = proto.Unmarshal(plain, &m)
	}
	if err != nil {
		h.undecryptable(sender, "message", err)
		h.askAgain(n, &enc)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.keepText(sender, n, &m)
	if text(n, "category") != "peer" {
		s.routeReceipt(h.device(), &node{Tag: "receipt", Attrs: attrs{"id": text(n, "id"), "to": from}})
	}
}

// undecryptable names what a handset could not read.
func (h *Handset) undecryptable(sender *Account, stanza string, err error) {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse(Refusal{Rule: RuleUndecryptable, Device: mask(sender.number), Stanza: stanza, Detail: err.Error()})
}

func (s *Server) senderOf(from types.JID) *Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(from)
}

// keepText remembers the text in a message, if there is one.
func (h *Handset) keepText(sender *Account, n *node, m *waE2E.Message) {
	t := Text{ID: text(n, "id"), From: sender.Number(), To: h.account.Number(), At: time.Now()}
	if sent := m.GetDeviceSentMessage(); sent != nil {
		to, err := types.ParseJID(sent.GetDestinationJID())
		other := h.account.server.find(to)
		if err != nil || other == nil || sender != h.account {
			return
		}
		t.To, t.FromMe, m = other.Number(), true, sent.GetMessage()
	}
	if t.Body = m.GetConversation(); t.Body == "" {
		t.Body = m.GetExtendedTextMessage().GetText()
	}
	if t.Body == "" {
		return
	}
	if len(h.texts) >= keepTexts {
		h.texts = slices.Delete(h.texts, 0, 1)
	}
	h.texts = append(h.texts, t)
	h.happened()
}
