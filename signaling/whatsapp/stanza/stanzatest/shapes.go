// Package stanzatest is for tests. It has every shape of call stanza that was captured between
// WhatsApp Web clients (Auties00/Cobalt, fixtures/call/1to1), with invented
// people, tokens and keys, and damages them in every way.
package stanzatest

import (
	"bytes"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

// The people of the shapes: Ann calls Bob, who has a phone and two companions.
var (
	Ann   = types.JID{User: "100000000000001", Device: 1, Server: types.HiddenUserServer}
	Bob   = types.JID{User: "100000000000002", Server: types.HiddenUserServer}
	Bob16 = types.JID{User: "100000000000002", Device: 16, Server: types.HiddenUserServer}
	Bob17 = types.JID{User: "100000000000002", Device: 17, Server: types.HiddenUserServer}
	AnnPN = types.JID{User: "15550100001", Device: 1, Server: types.DefaultUserServer}
)

// CallID is the id of the call that all shapes belong to; Ann created it.
const CallID = "00DD8288C3A94E21B7C0D1E2F3A4B5C6"

// capability is what WhatsApp Web says of itself.
var capability = []byte{0x01, 0x05, 0xf7, 0x09, 0xe4, 0xbb, 0x13}

// With makes an element with children.
func With(tag string, a attrs, c ...node) node {
	n := node{Tag: tag, Attrs: a}
	if len(c) > 0 {
		n.Content = c
	}
	return n
}

// Raw makes an element with bytes.
func Raw(tag string, a attrs, content []byte) node { return node{Tag: tag, Attrs: a, Content: content} }

// RefAttrs are the attributes that name the call, and more.
func RefAttrs(more attrs) attrs {
	a := attrs{"call-id": CallID, "call-creator": Ann}
	for k, v := range more {
		a[k] = v
	}
	return a
}

// SettingsJSON is what of the real settings anybody reads.
const SettingsJSON = `{"encode":{"use_mlow_codec_v1":"true","frame_ms":"60"},"options":{"caller_timeout":"90","enable_call_duration_msg":"true","disable_p2p":"1"}}`

func relayShape(attributes attrs) node {
	token := bytes.Repeat([]byte{0xA5}, 182)
	return With("relay", attributes,
		With("participant", attrs{"pid": "0", "jid": Bob17}), With("participant", attrs{"pid": "1", "jid": Ann}),
		Raw("token", attrs{"id": "0"}, token), Raw("token", attrs{"id": "1"}, token), Raw("token", attrs{"id": "2"}, token),
		Raw("auth_token", attrs{"id": "0"}, token[:70]),
		Raw("key", nil, []byte("AAECAwQFBgcICQoLDA0ODw==")),
		Raw("te2", attrs{
			"relay_id": "0", "relay_name": "mxp2c01", "token_id": "2", "auth_token_id": "0", "c2r_rtt": "14",
			"domain_name": "edgeray-shv-01-mxp2.wt.whatsapp.com",
		}, []byte{157, 240, 1, 2, 0x0d, 0x96}),
		Raw("te2", attrs{"relay_id": "1", "relay_name": "fra3c02", "token_id": "1", "auth_token_id": "0", "c2r_rtt": "22", "is_fna": "1"}, append(make([]byte, 16), 0x0d, 0x96)),
		Raw("hbh_key", nil, []byte("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd")),
	)
}

// Delivered is every shape that arrives, by name.
func Delivered() map[string]node {
	call := func(from types.JID, child node) node {
		return With("call", attrs{"from": from, "id": "66.77-88", "t": "1747220000", "e": "0", "notify": "Bob", "platform": "web", "version": "2.3000.1039501489"}, child)
	}
	offer := With("offer", RefAttrs(attrs{"caller_pn": AnnPN, "joinable": "1", "caller_country_code": "US"}),
		With("audio", attrs{"enc": "opus", "rate": "16000"}), With("audio", attrs{"enc": "opus", "rate": "8000"}),
		Raw("capability", attrs{"ver": "1"}, capability),
		Raw("device-identity", nil, bytes.Repeat([]byte{7}, 186)),
		Raw("enc", attrs{"v": "2", "type": "pkmsg", "count": "0"}, bytes.Repeat([]byte{9}, 240)),
		With("encopt", attrs{"keygen": "2"}),
		With("metadata", attrs{"peer_abtest_bucket": "some", "peer_abtest_bucket_id_list": "117616,99772"}),
		With("net", attrs{"medium": "3"}), Raw("rte", nil, make([]byte, 6)), With("uploadfieldstat", nil), With("userrate", nil),
		Raw("voip_settings", attrs{"uncompressed": "1"}, []byte(SettingsJSON)),
		relayShape(attrs{"attribute_padding": "1", "peer_pid": "1", "self_pid": "3", "uuid": "0123456789abcdef"}),
	)
	video := With("offer", RefAttrs(nil), With("audio", attrs{"enc": "opus", "rate": "16000"}),
		With("video", attrs{"dec": "H264", "enc": "h.264", "device_orientation": "0", "screen_width": "0", "screen_height": "0"}))
	group := With("offer", RefAttrs(attrs{"group-jid": types.NewJID("120363000000000001", types.GroupServer)}), With("audio", attrs{"enc": "opus", "rate": "16000"}),
		With("group_info", attrs{"media": "video", "transaction-id": "1", "connected-limit": "32"},
			With("user", attrs{"jid": Bob, "user_pn": types.NewJID("15550100002", types.DefaultUserServer), "state": "connected"}, With("device", attrs{"jid": Bob17, "pid": "2"}))))
	te := Raw("te", attrs{"latency": "33554537", "relay_name": "mxp2c01"}, []byte{157, 240, 1, 2, 0x0d, 0x96})
	return map[string]node{
		"offer": call(Ann, offer), "video offer": call(Ann, video), "group offer": call(Ann, group),
		"offer notice": call(Ann, With("offer_notice", RefAttrs(attrs{"media": "video", "type": "group"}))),
		"preaccept": call(Bob17, With("preaccept", RefAttrs(nil), With("audio", attrs{"enc": "opus", "rate": "16000"}),
			With("encopt", attrs{"keygen": "2"}), Raw("capability", attrs{"ver": "1"}, capability))),
		"accept": call(Bob17, With("accept", RefAttrs(nil), relayShape(attrs{"peer_pid": "0", "self_pid": "1", "uuid": "0123456789abcdef"}),
			With("audio", attrs{"enc": "opus", "rate": "16000"}), With("net", attrs{"medium": "2"}), With("encopt", attrs{"keygen": "2"}))),
		"reject":       call(Bob17, With("reject", RefAttrs(attrs{"count": "0"}))),
		"reject busy":  call(Bob17, With("reject", RefAttrs(attrs{"count": "0", "reason": "busy"}))),
		"reject enc":   call(Bob17, With("reject", RefAttrs(attrs{"count": "1", "reason": "enc"}), Raw("registration", nil, []byte{0, 0, 1, 2}))),
		"terminate":    call(Ann, With("terminate", RefAttrs(attrs{"reason": "accepted_elsewhere"}))),
		"transport":    call(Ann, With("transport", RefAttrs(attrs{"transport-message-type": "1", "p2p-cand-round": "1"}), With("net", attrs{"medium": "2", "protocol": "0"}))),
		"relaylatency": call(Bob17, With("relaylatency", RefAttrs(nil), te)),
		"mute_v2":      call(Ann, With("mute_v2", RefAttrs(attrs{"mute-state": "1"}))),
		"video":        call(Ann, With("video", RefAttrs(attrs{"state": "11", "voip_settings": "video"}))),
		"enc_rekey":    call(Ann, With("enc_rekey", RefAttrs(attrs{"transaction-id": "2"}), With("encopt", attrs{"keygen": "2"}), Raw("enc", attrs{"v": "2", "type": "msg", "count": "1"}, []byte{1, 2, 3}))),
		"group_update": call(Ann, With("group_update", RefAttrs(nil), With("group_info", attrs{"transaction-id": "3"},
			With("user", attrs{"jid": Bob}), With("user", attrs{"jid": Ann}), With("user", attrs{"jid": types.NewJID("3", "lid")})))),
	}
}

// DeliveredAck is the answer to an offer of ours.
func DeliveredAck() node {
	return With("ack", attrs{"class": "call", "type": "offer", "id": "3EB0AA", "from": Bob, "t": "1747220000"},
		relayShape(attrs{"call-id": CallID, "call-creator": Ann, "joinable": "1", "self_pid": "1", "peer_pid": "0", "uuid": "0123456789abcdef"}),
		With("user", attrs{"jid": Bob}, With("device", attrs{"jid": Bob}), With("device", attrs{"jid": Bob17})),
		Raw("rte", nil, make([]byte, 6)), With("uploadfieldstat", nil),
		Raw("voip_settings", attrs{"jid": Bob17, "uncompressed": "1"}, []byte(SettingsJSON)))
}

// DeliveredReceipt is the receipt of an offer of ours.
func DeliveredReceipt() node {
	return With("receipt", attrs{"from": Bob17, "id": "3EB0AA"}, With("offer", RefAttrs(nil)))
}
