package stanza

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// OverlayPlace says where an offer carries the settings overlay. Whether the
// network takes it at all in an offer is not known; a wrong place is refused
// with 439.
type OverlayPlace string

// Places of the overlay in an offer.
const (
	NoOverlay           OverlayPlace = ""
	OverlayBeforeEncopt OverlayPlace = "before-encopt"
	OverlayLast         OverlayPlace = "last"
)

// OfferSpec is what an offer is built from.
type OfferSpec struct {
	Ref        Ref
	Callee     types.JID // bare LID
	Devices    int       // how many devices the callee has, encrypted for or not
	Keys       []waBinary.Node
	Identity   *waBinary.Node // required as soon as one key is a pkmsg
	Token      []byte         // privacy token of the callee, nil if none
	TokenTag   string         // "privacy", or "tctoken"
	Rates      []int
	Video      bool
	Capability Capability
	Overlay    OverlayPlace
}

// OfferDraft builds an offer. Keys are the <to jid><enc/></to> elements; one
// device's key stands bare, as the network wants it. The order of the children
// is enforced by the server.
func OfferDraft(s OfferSpec) Draft {
	to, keys := s.keys()
	content := s.media()
	content = append(content, netNode("3"), capabilityNode(s.Capability))
	content = append(content, keys...)
	if s.Overlay == OverlayBeforeEncopt {
		content = append(content, Overlay(false))
	}
	content = append(content, encoptNode())
	if s.Identity != nil {
		content = append(content, *s.Identity)
	}
	if s.Overlay == OverlayLast {
		content = append(content, Overlay(false))
	}
	return Draft{to, element(string(Offer), s.Ref, nil, content...)}
}

func (s OfferSpec) media() []waBinary.Node {
	content := make([]waBinary.Node, 0, 10)
	if len(s.Token) > 0 {
		content = append(content, waBinary.Node{Tag: s.TokenTag, Content: s.Token})
	}
	for _, rate := range s.Rates {
		content = append(content, audioNode(rate))
	}
	if s.Video {
		content = append(content, waBinary.Node{Tag: "video", Attrs: waBinary.Attrs{
			"dec": "H264", "enc": "h.264", "device_orientation": "0", "screen_width": "0", "screen_height": "0",
		}})
	}
	return content
}

// keys says to whom the offer goes and how its keys are wrapped: a callee with
// a single device gets a bare <enc> and is addressed by that device. Without
// any key the offer is still sent, to the user.
func (s OfferSpec) keys() (types.JID, []waBinary.Node) {
	if len(s.Keys) == 0 {
		return s.Callee, nil
	}
	if s.Devices == 1 && len(s.Keys) == 1 {
		if enc := child(&s.Keys[0], "enc"); enc != nil {
			return jid(&s.Keys[0], "jid"), []waBinary.Node{*enc}
		}
	}
	return s.Callee, []waBinary.Node{{Tag: "destination", Content: s.Keys}}
}
