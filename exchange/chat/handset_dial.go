package chat

import (
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Call places a call and returns its id once the offer has been taken.
func (h *Handset) Call(number string) (string, error) {
	s := h.account.server
	other, err := s.Account(number)
	if err != nil {
		return "", err
	}
	plain, err := proto.Marshal(&waE2E.Message{Call: &waE2E.Call{CallKey: randomBytes(32)}})
	if err != nil {
		return "", err
	}
	h.crypto.Lock()
	defer h.crypto.Unlock()
	devices := slices.DeleteFunc(h.peers(other), h.own)
	sealed, err := h.sealCall(devices, plain)
	if err != nil {
		return "", err
	}
	c := &HandsetCall{
		ID: fmt.Sprintf("00%X", randomBytes(15)), Number: other.Number(), State: HandsetCalling, KeyRead: true,
		creator: h.device().lid(), rung: devices, peer: other.lidJID(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.keepCall(c)
	s.routeCall(h.device(), &node{
		Tag:   "call",
		Attrs: attrs{"id": messageID(), "to": other.lidJID()}, Content: []node{h.offerOf(c, other, sealed)},
	})
	if s.calls[c.ID] == nil {
		c.State, c.Reason = HandsetEnded, "refused"
		return "", errors.New("the exchange refused the call; its log says why")
	}
	return c.ID, nil
}

// sealCall encrypts a call key for each device.
func (h *Handset) sealCall(devices []types.JID, plain []byte) ([]node, error) {
	var out []node
	for _, to := range devices {
		enc, err := h.encrypt(to, slices.Clone(plain), attrs{"count": "0"})
		if err != nil {
			return nil, err
		}
		out = append(out, node{Tag: "to", Attrs: attrs{"jid": to}, Content: []node{enc}})
	}
	h.settle()
	return out, nil
}

// capability is what WhatsApp clients say of themselves (signalling version 1,
// five bytes of bits); bit 31 is MLow.
var capability = []byte{0x01, 0x05, 0xf7, 0x09, 0xe4, 0xbb, 0x13}

// offerOf is the offer of an outgoing call. Called with the lock held.
func (h *Handset) offerOf(c *HandsetCall, other *Account, sealed []node) node {
	var content []node
	if t, ok := other.issued[h.account.lid]; ok {
		content = append(content, node{Tag: "privacy", Content: t.Token})
	}
	content = append(content,
		node{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "8000"}},
		node{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
		node{Tag: "net", Attrs: attrs{"medium": "3"}},
		node{Tag: "capability", Attrs: attrs{"ver": "1"}, Content: capability},
		node{Tag: "destination", Content: sealed},
		node{Tag: "encopt", Attrs: attrs{"keygen": "2"}})
	return node{Tag: "offer", Attrs: attrs{"call-id": c.ID, "call-creator": c.creator}, Content: content}
}

// terminateFor stops a set of devices.
func terminateFor(devices []types.JID, reason string) node {
	var list []node
	for _, d := range devices {
		list = append(list, node{Tag: "to", Attrs: attrs{"jid": d}})
	}
	return node{Tag: "terminate", Attrs: attrs{"reason": reason}, Content: []node{{Tag: "destination", Content: list}}}
}
