package chat

import (
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// offerOrder is the order that the real server enforces in an offer. Equal
// ranks may repeat or stand for each other; a child that is not listed is out
// of order wherever it stands.
var offerOrder = map[string]int{
	"privacy": 1, "audio": 2, "video": 3, "net": 4, "capability": 5,
	"destination": 6, "enc": 6, "encopt": 7, "device-identity": 8,
}

// checkOffer applies strict mode to an offer and returns the error for its
// acknowledgement, or 0. The order of the checks is that of how certain the
// real server's answers are.
func (s *Server) checkOffer(d *device, callee *Account, to types.JID, offer *node) int {
	if detail := misordered(offer); detail != "" && s.refuseCall(d, offer, RuleChildOrder, detail) {
		return errorOrder
	}
	token := raw(child(offer, "privacy"))
	if callee.restricted && !callee.trusts(d.account, token) &&
		s.refuseCall(d, offer, RuleNoToken, "the callee is restricted, and the offer carries no valid token of the callee") {
		return errorToken
	}
	for _, check := range offerChecks {
		if detail := check.broken(s, d, callee, to, offer); detail != "" && s.refuseCall(d, offer, check.rule, detail) {
			return errorRefused
		}
	}
	return 0
}

// offerChecks are the rules whose breach is answered alike. broken returns
// what is wrong, or nothing.
var offerChecks = []struct {
	rule   Rule
	broken func(s *Server, d *device, callee *Account, to types.JID, offer *node) string
}{
	{RuleAddress, checkAddress},
	{RuleCreator, checkCreator},
	{RuleNoCallKey, checkKey},
	{RuleNoIdentity, checkIdentity},
	{RuleDeviceSet, checkDevices},
}

// misordered says which child of an offer stands where it may not.
func misordered(offer *node) string {
	last, lastTag := 0, ""
	for _, c := range offer.GetChildren() {
		rank, known := offerOrder[c.Tag]
		if !known {
			return fmt.Sprintf("<%s> has no place in an offer", c.Tag)
		}
		if rank < last || rank == last && c.Tag != "audio" {
			return fmt.Sprintf("<%s> stands after <%s>", c.Tag, lastTag)
		}
		last, lastTag = rank, c.Tag
	}
	return ""
}

func checkAddress(_ *Server, d *device, callee *Account, to types.JID, _ *node) string {
	switch {
	case !lidOnly(to):
		return "the offer is addressed to a number; calls go to hidden identities"
	case callee == d.account:
		return "the offer is addressed to the caller's own account"
	}
	return ""
}

func checkCreator(_ *Server, d *device, _ *Account, _ types.JID, offer *node) string {
	if creator, ok := jid(offer, "call-creator"); !ok || creator != d.lid() {
		return "call-creator must be the hidden identity of the device that sends the offer, with its device number"
	}
	return ""
}

func checkKey(_ *Server, _ *device, _ *Account, _ types.JID, offer *node) string {
	if !hasChild(offer, "destination", "to") && !hasChild(offer, "enc") {
		return "the offer carries no ciphertext for anybody"
	}
	return ""
}

// checkIdentity demands the proof that a companion belongs to its account
// wherever a session begins. A primary device is its own proof.
func checkIdentity(_ *Server, d *device, _ *Account, _ types.JID, offer *node) string {
	if d.id == 0 || hasChild(offer, "device-identity") {
		return ""
	}
	for _, enc := range ciphertexts(offer) {
		if text(&enc, "type") == "pkmsg" {
			return "a pkmsg needs <device-identity>"
		}
	}
	return ""
}

// ciphertexts are all <enc> of an offer.
func ciphertexts(offer *node) []node {
	out := offer.GetChildrenByTag("enc")
	destination := child(offer, "destination")
	for _, to := range destination.GetChildrenByTag("to") {
		out = append(out, to.GetChildrenByTag("enc")...)
	}
	return out
}

// checkDevices compares whom the offer is for with whom it should be for: all
// devices of the callee, or the one device that asked for the key again.
func checkDevices(s *Server, _ *device, callee *Account, to types.JID, offer *node) string {
	_, again := s.calls[text(offer, "call-id")]
	if !hasChild(offer, "destination") {
		if again || len(callee.devices) == 1 && to.Device == 0 {
			return ""
		}
		return fmt.Sprintf("one ciphertext for %d devices; the list of devices is out of date", len(callee.devices))
	}
	var named []uint16
	destination := child(offer, "destination")
	for _, t := range destination.GetChildrenByTag("to") {
		j, ok := jid(&t, "jid")
		d := s.findDevice(j)
		if !ok || !lidOnly(j) || d == nil || d.account != callee {
			return "a device is named that the callee does not have"
		}
		named = append(named, d.id)
	}
	slices.Sort(named)
	wanted := callee.deviceIDs()
	if !again && !slices.Equal(callee.withKeys(named), callee.withKeys(wanted)) {
		return fmt.Sprintf("the offer names the devices %d, the callee has %d", named, wanted)
	}
	return ""
}

// withKeys leaves out the devices whose keys a fault has withheld: a caller
// may name them or not.
func (a *Account) withKeys(ids []uint16) []uint16 {
	return slices.DeleteFunc(slices.Clone(ids), func(id uint16) bool { return a.devices[id].keyless })
}

// refuseCall is refuse for a stanza of a call.
func (s *Server) refuseCall(d *device, action *node, rule Rule, detail string) bool {
	return s.refuse(Refusal{
		Rule: rule, Device: d.label(), CallID: bounded(text(action, "call-id")),
		Stanza: "call " + bounded(action.Tag), Detail: detail,
	})
}

// bounded keeps a text from outside from filling the log.
func bounded(s string) string {
	const limit = 64
	if len(s) > limit {
		return s[:limit] + "…"
	}
	return s
}
