package call

import (
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

func TestTalking(t *testing.T) {
	for name, check := range map[string]func(t *testing.T){
		"CONNECTING + first media decrypted -> ACTIVE": func(t *testing.T) {
			play(t, outgoingPlan(), active()...).in(Active).does("stop T_media", "media", "start heartbeat 10s")
		},
		"CONNECTING + T_media -> ENDED(media failed)": func(t *testing.T) {
			play(t, outgoingPlan(), append(connecting(), cmd(MediaTimeout))...).because(phone.MediaTimeout).does("send terminate to 200:17@lid reason=timeout")
		},
		"ACTIVE + terminate from the answering device -> ENDED(remote)": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), terminated(their17, ""))...).because(phone.NormalClearing).doesNot("send")
			play(t, outgoingPlan(), append(active(), terminated(their17, "timeout"))...).because(phone.MediaTimeout)
		},
		"ACTIVE + user hangs up -> ENDED(local), terminate then duration in milliseconds": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), release(phone.NormalClearing))...).because(phone.NormalClearing).
				does("send terminate to 200:17@lid", "send duration to call audio_duration=1000", "released").doesNot("send terminate to 200@lid")
			play(t, incomingPlan(), append(talkingIn(), release(phone.NormalClearing))...).does("send terminate to 200:17@lid", "send duration")
		},
		"ACTIVE + user hangs up, the answer overlaid the codec -> duration all the same": func(t *testing.T) {
			overlaid := accept(their17)
			overlaid.Signal.Body.Settings = stanza.Settings{Known: true, Opus: true}
			play(t, outgoingPlan(), append(alerting(), overlaid, cmd(MediaHeard), release(phone.NormalClearing))...).does("send duration")
		},
		"CONNECTING + user hangs up -> ENDED(local), no duration": func(t *testing.T) {
			play(t, outgoingPlan(), append(connecting(), release(phone.NormalClearing))...).because(phone.NormalClearing).does("send terminate to 200:17@lid").doesNot("send duration")
		},
		"CONNECTING by media + user hangs up -> all devices are told": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), Input{On: MediaHeard, Device: their16}, release(phone.NormalClearing))...).
				does("send terminate to 200@lid +200@lid +200:16@lid +200:17@lid")
		},
		"ACTIVE + codec mismatch -> ENDED(incompatible), or noted by choice": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), cmd(Mismatched))...).because(phone.Incompatible).does("send terminate to 200:17@lid")
			p := outgoingPlan()
			p.Choices.EndOnMismatch = false
			play(t, p, append(active(), cmd(Mismatched))...).in(Active).does("note their app sends MLow")
		},
		"ACTIVE + no inbound media 10 s -> RECONNECTING": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), cmd(MediaStopped))...).in(Active).does("start T_silence 5s").doesNot("reconnecting")
			s.on(cmd(SilenceTimeout)).in(Reconnecting).does("reconnecting true", "start T_lost 20s")
		},
		"ACTIVE + sound comes back in time -> ACTIVE": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), cmd(MediaStopped), cmd(MediaBack))...).in(Active).does("stop T_silence").doesNot("reconnecting")
		},
		"ACTIVE + no relay answers -> RECONNECTING at once": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), cmd(PathDown))...).in(Reconnecting).does("reconnecting true")
			s.on(cmd(PathUp)).in(Active).does("reconnecting false")
		},
		"RECONNECTING + a relay answers, but nobody is heard -> RECONNECTING": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), cmd(PathDown), cmd(MediaStopped), cmd(PathUp))...).in(Reconnecting).nothing()
			s.on(cmd(MediaBack)).in(Active)
		},
		"RECONNECTING + media -> ACTIVE": func(t *testing.T) {
			play(t, outgoingPlan(), append(reconnecting(), cmd(MediaBack))...).in(Active).does("stop T_lost", "reconnecting false")
		},
		"RECONNECTING + T_lost, 30 s after the last sound -> ENDED(lost)": func(t *testing.T) {
			play(t, outgoingPlan(), append(reconnecting(), cmd(LostTimeout))...).because(phone.MediaTimeout).does("send terminate to 200:17@lid reason=timeout")
		},
		"RECONNECTING + terminate or hang-up -> ENDED": func(t *testing.T) {
			play(t, outgoingPlan(), append(reconnecting(), terminated(their17, ""))...).because(phone.NormalClearing)
			play(t, outgoingPlan(), append(reconnecting(), release(phone.NormalClearing))...).because(phone.NormalClearing).does("send terminate")
		},
		"ACTIVE + all relays lost -> ENDED(media failed)": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), cmd(MediaFailed))...).because(phone.MediaTimeout).does("send terminate to 200:17@lid reason=timeout")
		},
		"any + terminate/reject from a non-answering device -> same": func(t *testing.T) {
			for _, story := range [][]Input{connecting(), active(), reconnecting()} {
				s := play(t, outgoingPlan(), story...)
				was := s.call.State()
				s.on(terminated(their16, "")).in(was).nothing()
				s.on(rejected(their16, "", 0)).in(was).nothing()
				s.on(muted(their16, true)).in(was).nothing()
			}
		},
		"ACTIVE + late reject from the answering device -> ENDED": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), rejected(their17, "", 0))...).because(phone.NormalClearing)
		},
		"ACTIVE + accept of another device -> it is told that it lost": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), accept(their16))...).in(Active).does("send terminate to 200:16@lid reason=accepted_elsewhere")
		},
		"any + websocket disconnect -> same, 30 s": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), cmd(SocketDown))...).in(Active).does("start T_offline 30s").doesNot("close media")
			s.on(cmd(SocketUp)).in(Active).does("stop T_offline")
			s.on(cmd(SocketDown)).on(cmd(OfflineTimeout)).because(phone.NetworkLost).does("send terminate to 200:17@lid")
			play(t, outgoingPlan(), append(alerting(), cmd(OfflineTimeout))...).because(phone.NetworkLost).does("send terminate to 200@lid")
			play(t, incomingPlan(), append(ringing(), cmd(OfflineTimeout))...).because(phone.NetworkLost).doesNot("send")
		},
		"ENDED + anything with the same id -> ENDED": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), terminated(their17, ""))...)
			for _, in := range []Input{accept(their17), preaccept(their16), terminated(their17, ""), rejected(their17, "", 0), cmd(MediaHeard), cmd(RingTimeout), cmd(Answer), release(phone.Declined), acked()} {
				s.on(in).in(Ended).nothing()
			}
		},
		"ACTIVE + mute -> told to the answering device": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), Input{On: SetMuted, Muted: true})...).does("send mute_v2 to 200:17@lid mute-state=1")
		},
		"ACTIVE + mute_v2 -> told to the phone, changes only": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), muted(their17, true))...).does("peer muted true")
			s.on(muted(their17, true)).nothing()
			s.on(muted(their17, false)).does("peer muted false")
		},
		"ACTIVE + heartbeat every 10 s, until the server refuses": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), cmd(BeatTimer))...).does("send heartbeat to 00C0FFEE@call", "start heartbeat 10s")
			s.on(refusal(HeartbeatRefused, 400)).in(Active).does("stop heartbeat")
		},
		"ACTIVE + video upgrade request -> refused": func(t *testing.T) {
			for _, state := range []int{3, 11} {
				play(t, outgoingPlan(), append(active(), from(their17, stanza.Video, stanza.Body{VideoState: state}))...).in(Active).does("send video to 200:17@lid state=5")
			}
			play(t, outgoingPlan(), append(active(), from(their17, stanza.Video, stanza.Body{VideoState: 1}))...).in(Active).nothing()
		},
		"ACTIVE + the call becomes a group call -> ENDED, cleanly": func(t *testing.T) {
			grown := from(their17, stanza.GroupUpdate, stanza.Body{Members: make([]stanza.Member, 3)})
			play(t, outgoingPlan(), append(active(), grown)...).because(phone.Incompatible).does("send terminate to 200:17@lid")
		},
		"ACTIVE + relay block in any stanza -> merged": func(t *testing.T) {
			moved := from(their17, stanza.Transport, stanza.Body{Relay: &relay.Block{UUID: "new"}})
			play(t, outgoingPlan(), append(active(), moved)...).in(Active).does("update media")
		},
	} {
		t.Run(name, check)
	}
}

func TestTheEndIsConfirmedOrRepeatedOnce(t *testing.T) {
	for name, check := range map[string]func(t *testing.T){
		"reject + receipt of the caller -> confirmed": func(t *testing.T) {
			s := play(t, incomingPlan(), append(ringing(), release(phone.Declined))...)
			s.on(cmd(EndAcked)).nothing() // the server has it, the caller may still ring
			s.on(receiptOf(RejectSeen, their17)).does("stop T_confirm", "confirmed").on(receiptOf(RejectSeen, their17)).nothing()
		},
		"reject + terminate of the caller -> confirmed": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), release(phone.Declined), terminated(their17, "rejected_elsewhere"))...).does("confirmed")
		},
		"reject + silence -> repeated once, then unconfirmed": func(t *testing.T) {
			s := play(t, incomingPlan(), append(ringing(), release(phone.Declined), cmd(ConfirmTimeout))...)
			s.does("send reject to 200:17@lid count=0 with from", "start T_confirm 2s")
			s.on(cmd(ConfirmTimeout)).does("unconfirmed").on(cmd(ConfirmTimeout)).nothing()
		},
		"reject refused by the server -> repeated with our id": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), release(phone.Declined), refusal(EndRefused, 400))...).does("send reject to 200:17@lid count=0 with from")
		},
		"reject answered 404 -> confirmed, the call is gone": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), release(phone.Declined), refusal(EndRefused, 404))...).does("confirmed")
		},
		"terminate + ack -> confirmed": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), release(phone.NormalClearing), cmd(EndAcked))...).does("confirmed")
		},
		"terminate + silence -> repeated once, then unconfirmed": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(active(), release(phone.NormalClearing), cmd(ConfirmTimeout))...)
			s.does("send terminate to 200:17@lid").doesNot("send terminate to 200:17@lid with from")
			s.on(cmd(ConfirmTimeout)).does("unconfirmed")
		},
		"ended by the other side -> nothing to confirm": func(t *testing.T) {
			play(t, outgoingPlan(), append(active(), terminated(their17, ""))...).does("released", "confirmed")
		},
	} {
		t.Run(name, check)
	}
}

func TestAnOrphanTellsEverybodyThatItIsOver(t *testing.T) {
	s := &script{t: t, call: Orphan(outgoingPlan()), now: start}
	s.on(release(phone.Crashed)).because(phone.Crashed).does("send terminate to 200@lid +200@lid +200:16@lid +200:17@lid")
	s = &script{t: t, call: Orphan(incomingPlan()), now: start}
	s.on(release(phone.Crashed)).because(phone.Crashed).does("send terminate to 200:17@lid")
}

func TestARelayUpdateOfAnEndedCallIsIgnored(t *testing.T) {
	s := play(t, outgoingPlan(), append(active(), terminated(their17, ""))...)
	s.on(from(their17, stanza.Transport, stanza.Body{Relay: &relay.Block{}})).nothing()
}

func TestTheDurationIsReportedInSecondsByChoice(t *testing.T) {
	p := outgoingPlan()
	p.Choices.Seconds = true
	s := play(t, p, active()...)
	s.on(fromAt(s.now.Sub(start)+6500*time.Millisecond, release(phone.NormalClearing))).does("send duration to call audio_duration=6")
}
