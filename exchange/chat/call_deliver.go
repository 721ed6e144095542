package chat

import (
	"slices"
	"strconv"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// reflexive stands for the address under which the server sees a client:
// 127.0.0.1, port 9 (discard), as nothing is ever sent there.
var reflexive = []byte{127, 0, 0, 1, 0, 9}

// deliverOffer sends the offer to one device, with its own ciphertext and its
// own side of the relays.
func (s *Server) deliverOffer(c *call, target *device, n, offer *node) {
	content := without(offer, "privacy", "destination", "enc")
	if enc, ok := encFor(offer, target, n); ok {
		if s.faulty(FaultBadKey, target, "offer") != nil {
			enc = corrupted(enc)
		}
		content = append(content, enc)
	}
	content = append(content,
		node{Tag: "metadata", Attrs: attrs{"peer_abtest_bucket": "", "peer_abtest_bucket_id_list": "117616,99772"}},
		node{Tag: "rte", Content: reflexive},
		node{Tag: "uploadfieldstat"}, node{Tag: "userrate"},
		node{Tag: "voip_settings", Attrs: attrs{"uncompressed": "1"}, Content: s.options.Settings})
	if c.relayed {
		content = append(content, c.calleeBlock(target, c.calleeRelay))
	}
	s.deliverCall(c, c.creator, target, text(n, "id"), node{Tag: "offer", Content: content, Attrs: attrs{
		"call-id": c.id, "call-creator": c.creator.lid(), "caller_pn": c.creator.pn(),
		"joinable": "1", "caller_country_code": country(c.creator.account.number),
	}})
}

// encFor is the ciphertext in an offer that is meant for a device.
func encFor(offer *node, d *device, n *node) (node, bool) {
	destination := child(offer, "destination")
	for _, to := range destination.GetChildrenByTag("to") {
		if j, ok := jid(&to, "jid"); ok && j == d.lid() {
			enc, found := to.GetOptionalChildByTag("enc")
			return enc, found
		}
	}
	enc, found := offer.GetOptionalChildByTag("enc")
	to, _ := jid(n, "to")
	return enc, found && to.Device == d.id
}

// corrupted flips one bit in the middle of a ciphertext.
func corrupted(enc node) node {
	sealed := slices.Clone(raw(enc))
	if len(sealed) > 0 {
		sealed[len(sealed)/2] ^= 0x10
	}
	enc.Content = sealed
	return enc
}

// deliverCall sends one action of a call to one device, in a stanza of its own.
func (s *Server) deliverCall(c *call, from, to *device, origin string, action node) {
	at := time.Now()
	out := node{Tag: "call", Content: []node{action}, Attrs: attrs{
		"from": from.lid(), "id": s.freshID(), "t": at.Unix(), "e": "0",
		"notify": from.account.name, "platform": from.platform, "version": from.version,
	}}
	if f := s.faulty(FaultStale, to, action.Tag); f != nil {
		out.Attrs["t"] = at.Add(-f.Delay).Unix()
		out.Attrs["e"] = strconv.Itoa(int(f.Delay / time.Second))
	}
	if s.faulty(FaultOffline, to, action.Tag) != nil {
		out.Attrs["offline"] = "0"
	}
	if s.faulty(FaultCompany, to, action.Tag) != nil {
		out.Content = []node{{Tag: "unheard_of", Attrs: attrs{"v": "1"}}, action}
	}
	to.deliverAs(out, origin)
}

// ackCall answers a stanza of a call; code 0 is success.
func (s *Server) ackCall(d *device, n, action *node, code int) {
	more := attrs{"type": action.Tag}
	if code == 0 {
		if action.Tag == "relaylatency" {
			s.ack(d, n, more, node{Tag: action.Tag, Attrs: attrs{
				"call-id": text(action, "call-id"), "call-creator": action.Attrs["call-creator"],
			}})
			return
		}
		s.ack(d, n, more)
		return
	}
	more["error"] = code
	s.ack(d, n, more, node{Tag: "error", Attrs: attrs{"call-id": text(action, "call-id"), "code": code}})
}

// country is the region that a number's country code belongs to, such as "BR",
// or nothing for a code that nobody has.
func country(digits string) string {
	n, err := phonenumbers.Parse("+"+digits, "")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode()))
}
