package stanza

import (
	"encoding/binary"
	"strconv"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Draft is a call stanza without its id: whom it is for and what it says. The
// id is put on when it is sent, fresh for every sending.
type Draft struct {
	To    types.JID
	Child waBinary.Node
}

// Kind is what the draft says.
func (d Draft) Kind() Kind { return Kind(d.Child.Tag) }

// With wraps the draft in a <call> with this id.
func (d Draft) With(id string) waBinary.Node {
	return waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{"to": d.To, "id": id}, Content: []waBinary.Node{d.Child}}
}

// CallService is where duration reports and call links go.
var CallService = types.NewJID("", "call")

// CallAddress is the address of a call itself, for heartbeats.
func CallAddress(callID string) types.JID { return types.JID{User: callID, Server: "call"} }

func itoa(n int) string { return strconv.Itoa(n) }

// element is a child of <call>: a tag with the call's reference. Empty
// attributes are left out.
func element(tag string, r Ref, extra waBinary.Attrs, content ...waBinary.Node) waBinary.Node {
	attrs := waBinary.Attrs{"call-id": r.ID, "call-creator": r.Creator}
	for k, v := range extra {
		if v != "" {
			attrs[k] = v
		}
	}
	n := waBinary.Node{Tag: tag, Attrs: attrs}
	if len(content) > 0 {
		n.Content = content
	}
	return n
}

func audioNode(rate int) waBinary.Node {
	return waBinary.Node{Tag: "audio", Attrs: waBinary.Attrs{"enc": "opus", "rate": itoa(rate)}}
}

func netNode(medium string) waBinary.Node {
	return waBinary.Node{Tag: "net", Attrs: waBinary.Attrs{"medium": medium}}
}

func encoptNode() waBinary.Node {
	return waBinary.Node{Tag: "encopt", Attrs: waBinary.Attrs{"keygen": "2"}}
}

func capabilityNode(c Capability) waBinary.Node {
	return waBinary.Node{Tag: "capability", Attrs: waBinary.Attrs{"ver": "1"}, Content: []byte(c)}
}

// registrationNode carries our registration id, 4 bytes big-endian.
func registrationNode(id uint32) waBinary.Node {
	return waBinary.Node{Tag: "registration", Content: binary.BigEndian.AppendUint32(nil, id)}
}

// destinationNode lists devices.
func destinationNode(devices []types.JID) waBinary.Node {
	to := make([]waBinary.Node, len(devices))
	for i, d := range devices {
		to[i] = waBinary.Node{Tag: "to", Attrs: waBinary.Attrs{"jid": d}}
	}
	return waBinary.Node{Tag: "destination", Content: to}
}

// MuteDraft tells the peer device whether our microphone is muted.
func MuteDraft(r Ref, to types.JID, muted bool) Draft {
	state := "0"
	if muted {
		state = "1"
	}
	return Draft{to, element(string(Mute), r, waBinary.Attrs{"mute-state": state})}
}

// TransportDraft is the caller's one transport message, right after the
// answer: type 1, round 1, no candidates, as WhatsApp Web sends it.
func TransportDraft(r Ref, to types.JID) Draft {
	net := waBinary.Node{Tag: "net", Attrs: waBinary.Attrs{"medium": "2", "protocol": "0"}}
	return Draft{to, element(string(Transport), r, waBinary.Attrs{"transport-message-type": "1", "p2p-cand-round": "1"}, net)}
}

// LatencyDraft reports the round trip to one relay. rung is the list of rung
// devices that a caller adds before the answer; empty otherwise.
func LatencyDraft(r Ref, to types.JID, relay string, rtt time.Duration, address []byte, rung []types.JID) Draft {
	ms := min(max(rtt.Milliseconds(), 1), 60_000)
	te := waBinary.Node{Tag: "te", Attrs: waBinary.Attrs{"latency": strconv.FormatInt(latencyFlag+ms, 10), "relay_name": relay}, Content: address}
	content := []waBinary.Node{te}
	if len(rung) > 0 {
		content = append(content, destinationNode(rung))
	}
	return Draft{to, element(string(RelayLatency), r, nil, content...)}
}

// HeartbeatDraft keeps the call alive on the server.
func HeartbeatDraft(r Ref) Draft {
	return Draft{CallAddress(r.ID), element(string(Heartbeat), r, nil)}
}

// DurationDraft reports how long an answered call was, in milliseconds as
// captured, or in seconds.
func DurationDraft(r Ref, peer types.JID, d time.Duration, seconds bool) Draft {
	unit := time.Millisecond
	if seconds {
		unit = time.Second
	}
	return Draft{CallService, element(string(Duration), r, waBinary.Attrs{
		"type": "1x1", "peer": Bare(peer), "audio_duration": strconv.FormatInt(int64(d/unit), 10),
	})}
}

// VideoStateDraft answers or announces a video state; 5 refuses an upgrade.
func VideoStateDraft(r Ref, to types.JID, state int) Draft {
	return Draft{to, element(string(Video), r, waBinary.Attrs{"state": itoa(state)})}
}
