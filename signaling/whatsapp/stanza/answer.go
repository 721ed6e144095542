package stanza

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// PreacceptDraft tells the caller's device that we ring.
func PreacceptDraft(r Ref, to types.JID, c Capability) Draft {
	return Draft{to, element(string(Preaccept), r, nil, audioNode(16000), encoptNode(), capabilityNode(c))}
}

// AcceptSpec is what an accept says beyond the minimum of WhatsApp Web.
type AcceptSpec struct {
	Ref        Ref
	To         types.JID  // the caller's device
	Metadata   *Metadata  // copied from the offer
	Capability Capability // nil: none, as WhatsApp Web
	Overlay    bool       // select plain Opus in the peer's decoder
	Clock48    bool
}

// AcceptDraft answers a call. Exactly one rate: with two, some peers fail.
func AcceptDraft(s AcceptSpec) Draft {
	content := []waBinary.Node{audioNode(16000), netNode("2"), encoptNode()}
	if s.Metadata != nil {
		content = append(content, waBinary.Node{Tag: "metadata", Attrs: waBinary.Attrs{
			"peer_abtest_bucket": s.Metadata.Bucket, "peer_abtest_bucket_id_list": s.Metadata.BucketIDs,
		}})
	}
	if s.Capability != nil {
		content = append(content, capabilityNode(s.Capability))
	}
	if s.Overlay {
		content = append(content, Overlay(s.Clock48))
	}
	return Draft{s.To, element(string(Accept), s.Ref, nil, content...)}
}

// RejectDraft declines a call. Without a reason the person declined, which
// ends the call everywhere; "busy" means that only this device cannot. No
// extra child: the server then ignores the whole stanza.
func RejectDraft(r Ref, to types.JID, reason string) Draft {
	return Draft{to, element(string(Reject), r, waBinary.Attrs{"count": "0", "reason": reason})}
}

// EncRejectDraft asks the caller to encrypt the key for us once more.
func EncRejectDraft(r Ref, to types.JID, count int, registration uint32) Draft {
	return Draft{to, element(string(Reject), r, waBinary.Attrs{"count": itoa(count), "reason": "enc"}, registrationNode(registration))}
}

// TerminateDraft ends a call toward one device, or with devices toward all of
// those at once.
func TerminateDraft(r Ref, to types.JID, reason string, devices []types.JID) Draft {
	var content []waBinary.Node
	if len(devices) > 0 {
		content = []waBinary.Node{destinationNode(devices)}
	}
	return Draft{to, element(string(Terminate), r, waBinary.Attrs{"reason": reason}, content...)}
}
