package chat

import (
	"fmt"
	"slices"
	"strconv"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

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
	if action.Tag == "preaccept" || action.Tag == "accept" {
		c.Rates = ratesOf(&action)
	}
	if react := handsetReactions[action.Tag]; react != nil && c.State != HandsetEnded {
		react(h, c, from, &action)
	}
	if action.Tag == "accept" || action.Tag == "reject" {
		h.confirm(n, &action)
	}
	h.happened()
}

// ratesOf are the rates of sound that an action offers, in Hz.
func ratesOf(action *node) (rates []int) {
	for _, a := range action.GetChildrenByTag("audio") {
		if hz, err := strconv.Atoi(text(&a, "rate")); err == nil {
			rates = append(rates, hz)
		}
	}
	return rates
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
	if hasChild(offer, "group_info") {
		return // it rings; a handset has no group calls
	}
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
	h.account.server.routeReceipt(h.device(), &node{
		Tag:   "receipt",
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
		h.say(c, from, node{
			Tag: "transport", Attrs: attrs{"transport-message-type": "1", "p2p-cand-round": "1"},
			Content: []node{{Tag: "net", Attrs: attrs{"medium": "2", "protocol": "0"}}},
		})
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
