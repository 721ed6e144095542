package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// HandsetCall is a call as the handset sees it. The handset signals as a real
// one; it has no microphone, so nothing is heard of it.
type HandsetCall struct {
	ID       string       `json:"id"`
	Number   string       `json:"number"` // the other side
	Incoming bool         `json:"incoming"`
	Video    bool         `json:"video,omitempty"`
	State    HandsetState `json:"state"`
	Reason   string       `json:"reason,omitempty"` // how it ended, as the network said
	KeyRead  bool         `json:"key_read"`         // the call key was decrypted, or is our own
	Muted    bool         `json:"muted,omitempty"`  // the other side said so
	Log      []string     `json:"log"`              // actions that the handset got, in order
	peer     types.JID    // the other side's device
	creator  types.JID
	rung     []types.JID // every device that an outgoing call was offered to
	answered bool
}

// HandsetState is where a handset's call is.
type HandsetState string

// The states of a handset's call.
const (
	HandsetCalling   HandsetState = "calling"
	HandsetAlerting  HandsetState = "alerting" // the other side rings
	HandsetRinging   HandsetState = "ringing"  // this handset rings
	HandsetConnected HandsetState = "connected"
	HandsetEnded     HandsetState = "ended"
)

// CallPolicy is what a handset does by itself when it rings.
type CallPolicy struct {
	Do    CallAction    `json:"do"`
	After time.Duration `json:"after,omitempty"`
}

// CallAction is one thing that a handset can do with a call that rings.
type CallAction string

// The actions of a policy.
const (
	LetRing CallAction = ""        // nothing
	Answer  CallAction = "answer"  // take it
	Decline CallAction = "decline" // end it for all devices
	Busy    CallAction = "busy"    // for this device only
	Silent  CallAction = "silent"  // not even confirm that it rings
)

// Errors about a handset's calls.
var (
	ErrNoCall   = errors.New("the handset has no such call")
	ErrNotRings = errors.New("the call does not ring on this handset any more")
	ErrAction   = errors.New("a handset can answer, decline, be busy, be silent or let it ring")
)

// keepHandsetCalls bounds a handset's memory of calls.
const keepHandsetCalls = 50

// SetPolicy says what the handset does when it rings.
func (h *Handset) SetPolicy(p CallPolicy) error {
	if !slices.Contains([]CallAction{LetRing, Answer, Decline, Busy, Silent}, p.Do) {
		return ErrAction
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	h.policy = p
	return nil
}

// Calls are the handset's latest calls, oldest first.
func (h *Handset) Calls() []HandsetCall {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []HandsetCall{}
	for _, c := range h.calls {
		out = append(out, c.copy())
	}
	return out
}

func (c *HandsetCall) copy() HandsetCall {
	out := *c
	out.Log = slices.Clone(c.Log)
	return out
}

// AwaitCall waits for a call that match wants; it looks at those that are
// already there too.
func (h *Handset) AwaitCall(ctx context.Context, match func(HandsetCall) bool) (HandsetCall, error) {
	var found HandsetCall
	err := h.await(ctx, func() bool {
		for _, c := range h.calls {
			if match(*c) {
				found = c.copy()
				return true
			}
		}
		return false
	})
	return found, err
}

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
	s.routeCall(h.device(), &node{Tag: "call",
		Attrs: attrs{"id": messageID(), "to": other.lidJID()}, Content: []node{h.offerOf(c, other, sealed)}})
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

// Answer takes a call that rings.
func (h *Handset) Answer(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.answer(c) })
}

// Decline ends a call that rings, on all devices.
func (h *Handset) Decline(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.reject(c, "") })
}

// Busy refuses a call that rings, on this device only.
func (h *Handset) Busy(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.reject(c, "busy") })
}

func (h *Handset) withRinging(id string, do func(*HandsetCall)) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	switch {
	case c == nil:
		return ErrNoCall
	case c.State != HandsetRinging:
		return ErrNotRings
	}
	do(c)
	return nil
}

// HangUp ends a call in whatever state it is; one that rings is declined.
func (h *Handset) HangUp(id string) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	if c == nil {
		return ErrNoCall
	}
	switch c.State {
	case HandsetRinging:
		h.reject(c, "")
	case HandsetConnected:
		h.say(c, c.peer, node{Tag: "terminate"})
		h.over(c, "hangup")
	case HandsetCalling, HandsetAlerting:
		h.say(c, c.peer.ToNonAD(), terminateFor(c.rung, ""))
		h.over(c, "cancelled")
	}
	return nil
}

// Send sends any action within a call, for trying what clients make of it.
func (h *Handset) Send(id string, action node) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	if c == nil {
		return ErrNoCall
	}
	h.say(c, c.peer, action)
	return nil
}

func (h *Handset) find(id string) *HandsetCall {
	for _, c := range h.calls {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (h *Handset) keepCall(c *HandsetCall) {
	if len(h.calls) >= keepHandsetCalls {
		h.calls = slices.Delete(h.calls, 0, 1)
	}
	h.calls = append(h.calls, c)
	h.happened()
}

// say sends an action of a call. Called with the lock held.
func (h *Handset) say(c *HandsetCall, to types.JID, action node) {
	action.Attrs = with(action, "call-id", c.ID).Attrs
	action.Attrs["call-creator"] = c.creator
	h.account.server.routeCall(h.device(), &node{Tag: "call",
		Attrs: attrs{"id": messageID(), "to": to}, Content: []node{action}})
}

func (h *Handset) answer(c *HandsetCall) {
	c.State, c.answered = HandsetConnected, true
	h.say(c, c.peer, node{Tag: "accept", Content: []node{
		{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
		{Tag: "net", Attrs: attrs{"medium": "2"}},
		{Tag: "encopt", Attrs: attrs{"keygen": "2"}},
	}})
	h.say(c, c.peer, node{Tag: "mute_v2", Attrs: attrs{"mute-state": "0"}})
	h.happened()
}

func (h *Handset) reject(c *HandsetCall, reason string) {
	h.say(c, c.peer, node{Tag: "reject", Attrs: attrs{"count": "0", "reason": reason}})
	h.over(c, orElse(reason, "rejected"))
}

// over ends a call on the handset.
func (h *Handset) over(c *HandsetCall, reason string) {
	if c.State != HandsetEnded {
		c.State, c.Reason = HandsetEnded, reason
		h.happened()
	}
}

// terminateFor stops a set of devices.
func terminateFor(devices []types.JID, reason string) node {
	var list []node
	for _, d := range devices {
		list = append(list, node{Tag: "to", Attrs: attrs{"jid": d}})
	}
	return node{Tag: "terminate", Attrs: attrs{"reason": reason}, Content: []node{{Tag: "destination", Content: list}}}
}

// takeCall handles a stanza of a call as a phone does.
func (h *Handset) takeCall(n *node) {
	action := first(n)
	from, _ := jid(n, "from")
	var keyRead bool
	if enc, ok := action.GetOptionalChildByTag("enc"); ok && action.Tag == "offer" {
		keyRead = h.readKey(from, &enc, text(&action, "call-id"))
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if action.Tag == "offer" {
		h.takeOffer(n, &action, from, keyRead)
		return
	}
	c := h.find(text(&action, "call-id"))
	if c == nil {
		return
	}
	c.Log = append(c.Log, action.Tag)
	if react := handsetReactions[action.Tag]; react != nil && c.State != HandsetEnded {
		react(h, c, from, &action)
	}
	if action.Tag == "accept" || action.Tag == "reject" {
		h.confirm(n, &action)
	}
	h.happened()
}

// readKey decrypts a call key; a handset is a witness of what callers send.
func (h *Handset) readKey(from types.JID, enc *node, callID string) bool {
	h.crypto.Lock()
	plain, err := h.decrypt(from, enc)
	h.crypto.Unlock()
	var m waE2E.Message
	if err == nil {
		err = proto.Unmarshal(plain, &m)
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Refusal{Device: mask(from.User), CallID: callID, Stanza: "call offer"}
	switch {
	case err != nil:
		r.Rule, r.Detail = RuleUndecryptable, err.Error()
	case len(m.GetCall().GetCallKey()) != 32:
		r.Rule, r.Detail = RuleBadCallKey, fmt.Sprintf("a call key of %d bytes", len(m.GetCall().GetCallKey()))
	default:
		return true
	}
	s.refuse(r)
	return false
}

func (h *Handset) takeOffer(n, offer *node, from types.JID, keyRead bool) {
	s := h.account.server
	c := h.find(text(offer, "call-id"))
	if c == nil {
		c = &HandsetCall{ID: text(offer, "call-id"), Incoming: true, Video: hasChild(offer, "video"), State: HandsetRinging, peer: from}
		if other := s.find(from); other != nil {
			c.Number = other.Number()
		}
		c.creator, _ = jid(offer, "call-creator")
		h.keepCall(c)
	}
	c.KeyRead = c.KeyRead || keyRead
	c.Log = append(c.Log, "offer")
	h.happened()
	p := h.policy
	if p.Do == Silent || c.State != HandsetRinging {
		return
	}
	h.confirm(n, offer)
	if !keyRead {
		h.reject(c, "enc")
		return
	}
	h.say(c, c.peer, node{Tag: "preaccept", Content: []node{
		{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
		{Tag: "encopt", Attrs: attrs{"keygen": "2"}},
		{Tag: "capability", Attrs: attrs{"ver": "1"}, Content: capability},
	}})
	if act := policyActions[p.Do]; act != nil {
		s.later(p.After, func() {
			if c.State == HandsetRinging {
				act(h, c)
			}
		})
	}
}

var policyActions = map[CallAction]func(*Handset, *HandsetCall){
	Answer:  (*Handset).answer,
	Decline: func(h *Handset, c *HandsetCall) { h.reject(c, "") },
	Busy:    func(h *Handset, c *HandsetCall) { h.reject(c, "busy") },
}

// confirm tells the sender of an offer, accept or reject that it is here.
func (h *Handset) confirm(n, action *node) {
	h.account.server.routeReceipt(h.device(), &node{Tag: "receipt",
		Attrs: attrs{"id": text(n, "id"), "to": n.Attrs["from"]},
		Content: []node{{Tag: action.Tag, Attrs: attrs{
			"call-id": action.Attrs["call-id"], "call-creator": action.Attrs["call-creator"],
		}}},
	})
}

// handsetReactions are what a handset does when the other side acts.
var handsetReactions = map[string]func(h *Handset, c *HandsetCall, from types.JID, action *node){
	"preaccept": func(_ *Handset, c *HandsetCall, _ types.JID, _ *node) {
		if c.State == HandsetCalling {
			c.State = HandsetAlerting
		}
	},
	"accept": func(h *Handset, c *HandsetCall, from types.JID, _ *node) {
		if c.Incoming || c.answered {
			return
		}
		c.State, c.answered, c.peer = HandsetConnected, true, from
		h.dismissOthers(c, from, "accepted_elsewhere")
		h.say(c, from, node{Tag: "transport", Attrs: attrs{"transport-message-type": "1", "p2p-cand-round": "1"},
			Content: []node{{Tag: "net", Attrs: attrs{"medium": "2", "protocol": "0"}}}})
		h.say(c, from, node{Tag: "mute_v2", Attrs: attrs{"mute-state": "0"}})
	},
	"reject": func(h *Handset, c *HandsetCall, from types.JID, action *node) {
		if reason := text(action, "reason"); reason != "" {
			c.rung = slices.DeleteFunc(c.rung, func(j types.JID) bool { return j == from })
			if len(c.rung) == 0 {
				h.over(c, reason)
			}
			return
		}
		h.dismissOthers(c, from, "rejected_elsewhere")
		h.over(c, "rejected")
	},
	"terminate": func(h *Handset, c *HandsetCall, _ types.JID, action *node) {
		h.over(c, orElse(text(action, "reason"), "hangup"))
	},
	"mute_v2": func(_ *Handset, c *HandsetCall, _ types.JID, action *node) {
		c.Muted = text(action, "mute-state") == "1"
	},
}

// dismissOthers stops the callee's devices except the one that decided.
func (h *Handset) dismissOthers(c *HandsetCall, decided types.JID, reason string) {
	others := slices.DeleteFunc(slices.Clone(c.rung), func(j types.JID) bool { return j == decided })
	if len(others) > 0 {
		h.say(c, c.peer.ToNonAD(), terminateFor(others, reason))
	}
}
