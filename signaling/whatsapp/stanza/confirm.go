package stanza

import waBinary "go.mau.fi/whatsmeow/binary"

// confirmedByReceipt are the kinds that want a receipt; all others want an ack
// that names their kind.
func confirmedByReceipt(k Kind) bool {
	return k == Offer || k == Accept || k == Reject || k == EncRekey
}

// WantsReceipt reports whether a signal is confirmed with a receipt instead of
// a typed ack.
func (s Signal) WantsReceipt() bool { return confirmedByReceipt(s.Kind) && s.Ref.ID != "" }

// ReceiptFor builds the receipt of an offer, accept, reject or enc_rekey.
func ReceiptFor(s Signal) waBinary.Node {
	return waBinary.Node{
		Tag:     "receipt",
		Attrs:   waBinary.Attrs{"to": s.From, "id": s.Stanza},
		Content: []waBinary.Node{element(string(s.Kind), s.Ref, nil)},
	}
}

// AckFor builds the typed ack of every other kind. A typed ack is what makes a
// video upgrade's requester go on.
func AckFor(s Signal) waBinary.Node {
	attrs := waBinary.Attrs{"class": "call", "to": s.From, "id": s.Stanza, "type": string(s.Kind)}
	if !s.Participant.IsEmpty() && !SameDevice(s.Participant, s.From) {
		attrs["participant"] = s.Participant
	}
	if !s.Recipient.IsEmpty() {
		attrs["recipient"] = s.Recipient
	}
	return waBinary.Node{Tag: "ack", Attrs: attrs}
}

// RekeyRetry builds the receipt for an enc_rekey that could not be decrypted.
func RekeyRetry(s Signal, registration uint32) waBinary.Node {
	count := 1
	for _, e := range s.Body.Enc {
		count = e.Count + 1
	}
	return waBinary.Node{
		Tag:   "receipt",
		Attrs: waBinary.Attrs{"to": s.Device(), "id": s.Stanza, "type": "enc_rekey_retry"},
		Content: []waBinary.Node{
			element(string(EncRekey), s.Ref, waBinary.Attrs{"count": itoa(count)}),
			registrationNode(registration),
		},
	}
}
