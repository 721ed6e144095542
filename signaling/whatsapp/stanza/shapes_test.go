package stanza

import (
	"bytes"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// The shapes that were captured between WhatsApp Web clients (Auties00/Cobalt,
// fixtures/call/1to1), with invented people, tokens and keys.

type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

var (
	ann   = types.JID{User: "100000000000001", Device: 1, Server: types.HiddenUserServer}
	bob   = types.JID{User: "100000000000002", Server: types.HiddenUserServer}
	bob16 = types.JID{User: "100000000000002", Device: 16, Server: types.HiddenUserServer}
	bob17 = types.JID{User: "100000000000002", Device: 17, Server: types.HiddenUserServer}
	annPN = types.JID{User: "15550100001", Device: 1, Server: types.DefaultUserServer}
	ref   = Ref{ID: "00DD8288C3A94E21B7C0D1E2F3A4B5C6", Creator: ann}
)

func with(tag string, a attrs, c ...node) node {
	n := node{Tag: tag, Attrs: a}
	if len(c) > 0 {
		n.Content = c
	}
	return n
}

func raw(tag string, a attrs, content []byte) node { return node{Tag: tag, Attrs: a, Content: content} }

func refAttrs(more attrs) attrs {
	a := attrs{"call-id": ref.ID, "call-creator": ref.Creator}
	for k, v := range more {
		a[k] = v
	}
	return a
}

const settingsJSON = `{"encode":{"use_mlow_codec_v1":"true","frame_ms":"60"},"options":{"caller_timeout":"90","enable_call_duration_msg":"true","disable_p2p":"1"}}`

func relayShape(attributes attrs) node {
	token := bytes.Repeat([]byte{0xA5}, 182)
	return with("relay", attributes,
		with("participant", attrs{"pid": "0", "jid": bob17}), with("participant", attrs{"pid": "1", "jid": ann}),
		raw("token", attrs{"id": "0"}, token), raw("token", attrs{"id": "1"}, token), raw("token", attrs{"id": "2"}, token),
		raw("auth_token", attrs{"id": "0"}, token[:70]),
		raw("key", nil, []byte("AAECAwQFBgcICQoLDA0ODw==")),
		raw("te2", attrs{
			"relay_id": "0", "relay_name": "mxp2c01", "token_id": "2", "auth_token_id": "0", "c2r_rtt": "14",
			"domain_name": "edgeray-shv-01-mxp2.wt.whatsapp.com",
		}, []byte{157, 240, 1, 2, 0x0d, 0x96}),
		raw("te2", attrs{"relay_id": "1", "relay_name": "fra3c02", "token_id": "1", "auth_token_id": "0", "c2r_rtt": "22", "is_fna": "1"}, append(make([]byte, 16), 0x0d, 0x96)),
		raw("hbh_key", nil, []byte("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd")),
	)
}

// delivered is every shape that arrives, by name.
func delivered() map[string]node {
	call := func(from types.JID, child node) node {
		return with("call", attrs{"from": from, "id": "66.77-88", "t": "1747220000", "e": "0", "notify": "Bob", "platform": "web", "version": "2.3000.1039501489"}, child)
	}
	offer := with("offer", refAttrs(attrs{"caller_pn": annPN, "joinable": "1", "caller_country_code": "US"}),
		with("audio", attrs{"enc": "opus", "rate": "16000"}), with("audio", attrs{"enc": "opus", "rate": "8000"}),
		raw("capability", attrs{"ver": "1"}, WebCapability),
		raw("device-identity", nil, bytes.Repeat([]byte{7}, 186)),
		raw("enc", attrs{"v": "2", "type": "pkmsg", "count": "0"}, bytes.Repeat([]byte{9}, 240)),
		with("encopt", attrs{"keygen": "2"}),
		with("metadata", attrs{"peer_abtest_bucket": "some", "peer_abtest_bucket_id_list": "117616,99772"}),
		with("net", attrs{"medium": "3"}), raw("rte", nil, make([]byte, 6)), with("uploadfieldstat", nil), with("userrate", nil),
		raw("voip_settings", attrs{"uncompressed": "1"}, []byte(settingsJSON)),
		relayShape(attrs{"attribute_padding": "1", "peer_pid": "1", "self_pid": "3", "uuid": "0123456789abcdef"}),
	)
	video := with("offer", refAttrs(nil), with("audio", attrs{"enc": "opus", "rate": "16000"}),
		with("video", attrs{"dec": "H264", "enc": "h.264", "device_orientation": "0", "screen_width": "0", "screen_height": "0"}))
	group := with("offer", refAttrs(attrs{"group-jid": types.NewJID("120363000000000001", types.GroupServer)}), with("audio", attrs{"enc": "opus", "rate": "16000"}),
		with("group_info", attrs{"media": "video", "transaction-id": "1", "connected-limit": "32"},
			with("user", attrs{"jid": bob, "user_pn": types.NewJID("15550100002", types.DefaultUserServer), "state": "connected"}, with("device", attrs{"jid": bob17, "pid": "2"}))))
	te := raw("te", attrs{"latency": "33554537", "relay_name": "mxp2c01"}, []byte{157, 240, 1, 2, 0x0d, 0x96})
	return map[string]node{
		"offer": call(ann, offer), "video offer": call(ann, video), "group offer": call(ann, group),
		"offer notice": call(ann, with("offer_notice", refAttrs(attrs{"media": "video", "type": "group"}))),
		"preaccept": call(bob17, with("preaccept", refAttrs(nil), with("audio", attrs{"enc": "opus", "rate": "16000"}),
			with("encopt", attrs{"keygen": "2"}), raw("capability", attrs{"ver": "1"}, WebCapability))),
		"accept": call(bob17, with("accept", refAttrs(nil), relayShape(attrs{"peer_pid": "0", "self_pid": "1", "uuid": "0123456789abcdef"}),
			with("audio", attrs{"enc": "opus", "rate": "16000"}), with("net", attrs{"medium": "2"}), with("encopt", attrs{"keygen": "2"}))),
		"reject":       call(bob17, with("reject", refAttrs(attrs{"count": "0"}))),
		"reject busy":  call(bob17, with("reject", refAttrs(attrs{"count": "0", "reason": "busy"}))),
		"reject enc":   call(bob17, with("reject", refAttrs(attrs{"count": "1", "reason": "enc"}), raw("registration", nil, []byte{0, 0, 1, 2}))),
		"terminate":    call(ann, with("terminate", refAttrs(attrs{"reason": "accepted_elsewhere"}))),
		"transport":    call(ann, with("transport", refAttrs(attrs{"transport-message-type": "1", "p2p-cand-round": "1"}), with("net", attrs{"medium": "2", "protocol": "0"}))),
		"relaylatency": call(bob17, with("relaylatency", refAttrs(nil), te)),
		"mute_v2":      call(ann, with("mute_v2", refAttrs(attrs{"mute-state": "1"}))),
		"video":        call(ann, with("video", refAttrs(attrs{"state": "11", "voip_settings": "video"}))),
		"enc_rekey":    call(ann, with("enc_rekey", refAttrs(attrs{"transaction-id": "2"}), with("encopt", attrs{"keygen": "2"}), raw("enc", attrs{"v": "2", "type": "msg", "count": "1"}, []byte{1, 2, 3}))),
		"group_update": call(ann, with("group_update", refAttrs(nil), with("group_info", attrs{"transaction-id": "3"},
			with("user", attrs{"jid": bob}), with("user", attrs{"jid": ann}), with("user", attrs{"jid": types.NewJID("3", "lid")})))),
	}
}

func deliveredAck() node {
	return with("ack", attrs{"class": "call", "type": "offer", "id": "3EB0AA", "from": bob, "t": "1747220000"},
		relayShape(attrs{"call-id": ref.ID, "call-creator": ref.Creator, "joinable": "1", "self_pid": "1", "peer_pid": "0", "uuid": "0123456789abcdef"}),
		with("user", attrs{"jid": bob}, with("device", attrs{"jid": bob}), with("device", attrs{"jid": bob17})),
		raw("rte", nil, make([]byte, 6)), with("uploadfieldstat", nil),
		raw("voip_settings", attrs{"jid": bob17, "uncompressed": "1"}, []byte(settingsJSON)))
}

func deliveredReceipt() node {
	return with("receipt", attrs{"from": bob17, "id": "3EB0AA"}, with("offer", refAttrs(nil)))
}
