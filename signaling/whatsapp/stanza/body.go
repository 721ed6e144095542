package stanza

import (
	"strings"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// latencyFlag marks a measured round trip in a <te latency>: the value is
// 0x02000000 plus milliseconds.
const latencyFlag = 0x02000000

func parseBody(call, action *waBinary.Node) Body {
	b := Body{
		Reason: id(action, "reason"), Count: max(0, number(action, "count", 0)),
		Ended:      has(action, "is_call_ended") || has(action, "terminate_reason"),
		VideoState: number(action, "state", -1), Muted: text(action, "mute-state") == "1",
		MediaType: id(action, "media"), GroupCall: text(action, "type") == "group",
		Group: jid(action, "group-jid"), CallerPN: jid(action, "caller_pn"),
		LinkToken: id(action, "link-token"), Type: number(action, "transport-message-type", -1), Txn: number(action, "transaction-id", 0),
		Relay: parseRelay(find(call, "relay", 4)),
	}
	b.Video = Kind(action.Tag) == Video || b.MediaType == "video"
	b.GroupCall = b.GroupCall || !b.Group.IsEmpty()
	for _, c := range children(action) {
		b.take(&c)
	}
	// Whoever follows a link meets many, as in a group.
	b.GroupCall = b.GroupCall || b.LinkToken != ""
	return b
}

func (b *Body) take(c *waBinary.Node) {
	switch c.Tag {
	case "audio":
		if rate := number(c, "rate", 0); rate > 0 && len(b.Rates) < 8 {
			b.Rates = append(b.Rates, rate)
		}
	case "video":
		b.Video = true
	case "capability":
		b.Capability = Capability(blob(c, 2+64))
	case "enc":
		b.enc(c, c)
	case "destination":
		b.destination(c)
	case "metadata":
		b.Metadata = &Metadata{Bucket: text(c, "peer_abtest_bucket"), BucketIDs: text(c, "peer_abtest_bucket_id_list")}
	case "voip_settings":
		b.Settings = parseSettings(c)
	case "silence":
		b.Silent = true
	case "te":
		b.latency(c)
	case "group_info":
		b.group(c)
	case "waiting_room":
		b.LinkToken = id(c, "link-token")
	}
}

func (b *Body) destination(c *waBinary.Node) {
	for _, to := range children(c) {
		if e := child(&to, "enc"); to.Tag == "to" && e != nil {
			b.enc(&to, e)
		}
	}
}

// enc keeps one ciphertext; holder carries the jid it is for.
func (b *Body) enc(holder, n *waBinary.Node) {
	t := text(n, "type")
	if len(b.Enc) >= maxDevices || (t != "msg" && t != "pkmsg") || len(blob(n, maxBlob)) == 0 {
		return
	}
	b.Enc = append(b.Enc, Enc{To: jid(holder, "jid"), Type: t, Count: max(0, number(n, "count", 0)), Node: *n})
}

func (b *Body) latency(c *waBinary.Node) {
	v := number(c, "latency", -1)
	if v < 0 {
		return
	}
	ms := v &^ latencyFlag
	if ms > 60_000 {
		return
	}
	b.Latency = &Latency{Relay: id(c, "relay_name"), RTT: time.Duration(ms) * time.Millisecond, Address: blob(c, 18)}
}

func (b *Body) group(c *waBinary.Node) {
	b.GroupCall = true
	b.Txn = number(c, "transaction-id", b.Txn)
	if m := id(c, "media"); m != "" {
		b.Video = strings.EqualFold(m, "video")
	}
	for _, u := range children(c) {
		j := jid(&u, "jid")
		if u.Tag == "user" && !j.IsEmpty() && len(b.Members) < maxDevices {
			b.Members = append(b.Members, Member{JID: j, PN: jid(&u, "user_pn"), State: id(&u, "state")})
		}
	}
}
