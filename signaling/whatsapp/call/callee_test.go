package call

import (
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

func TestCallee(t *testing.T) {
	for name, check := range map[string]func(t *testing.T){
		"IDLE + offer -> RINGING": func(t *testing.T) {
			s := play(t, incomingPlan(), ringing()...).in(Ringing).does("offer", "start T_safety 2m0s", "start T_preaccept 100ms").doesNot("open media")
			s.on(cmd(PreacceptTimer)).in(Ringing).does("send preaccept to 200:17@lid", "open media to 200:17@lid")
		},
		"IDLE + offer, decrypt error -> KEY_WAIT": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0)).in(KeyWait).does("send reject to 200:17@lid reason=enc count=1", "start T_key 15s").doesNot("offer").doesNot("send preaccept")
		},
		"KEY_WAIT + offer again -> RINGING": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), offered(stanza.Body{})).in(Ringing).does("stop T_key", "offer")
		},
		"KEY_WAIT + offer unreadable again -> KEY_WAIT": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), unreadable(1)).in(KeyWait).does("send reject to 200:17@lid reason=enc count=2")
		},
		"KEY_WAIT + the fifth unreadable offer -> ENDED(decryption failed)": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), unreadable(5)).because(phone.DecryptionFailed).doesNot("send")
		},
		"KEY_WAIT + T_key -> ENDED(decryption failed)": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), cmd(KeyTimeout)).because(phone.DecryptionFailed)
		},
		"KEY_WAIT + terminate -> ENDED": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), terminated(their17, "")).because(phone.Cancelled)
		},
		"KEY_WAIT + the program stops -> ENDED": func(t *testing.T) {
			play(t, incomingPlan(), unreadable(0), release(phone.Declined)).because(phone.Declined).does("send reject")
		},
		"RINGING + user accepts -> ACCEPT_SENT": func(t *testing.T) {
			play(t, incomingPlan(), acceptSent()...).in(AcceptSent).does("stop T_safety", "send accept to 200:17@lid", "send mute_v2 to 200:17@lid mute-state=0", "start media", "start T_media 30s")
		},
		"RINGING + accepted before we said that it rings -> ACCEPT_SENT, the relay legs open now": func(t *testing.T) {
			play(t, incomingPlan(), acceptSent()...).in(AcceptSent).does("open media to 200:17@lid", "stop T_preaccept", "send accept", "start media").doesNot("send preaccept")
		},
		"RINGING + newer relays before we said that it rings -> RINGING, the relay legs open now": func(t *testing.T) {
			s := play(t, incomingPlan(), append(ringing(), offered(stanza.Body{}))...).does("open media", "update media")
			s.on(cmd(PreacceptTimer)).doesNot("open media")
		},
		"RINGING + user accepts, preaccept with the answer by choice": func(t *testing.T) {
			p := incomingPlan()
			p.Choices.Preaccept = PreacceptWithAnswer
			s := play(t, p, append(ringing(), cmd(PreacceptTimer))...).does("open media").doesNot("send")
			s.on(cmd(Answer)).does("send preaccept", "send accept")
		},
		"RINGING + user accepts, held back by choice until the caller's mute state": func(t *testing.T) {
			p := incomingPlan()
			p.Choices.AwaitMute = true
			s := play(t, p, acceptSent()...).in(Ringing).does("start T_answer 1s").doesNot("send accept")
			s.on(muted(their17, true)).in(AcceptSent).does("stop T_answer", "send accept", "peer muted true")
			play(t, p, append(acceptSent(), cmd(AnswerTimer))...).in(AcceptSent).does("send accept")
			play(t, p, append(ringing(), muted(their17, false), cmd(Answer))...).in(AcceptSent).does("send accept")
		},
		"RINGING + user accepts, in the form of WhatsApp Web by choice": func(t *testing.T) {
			p := incomingPlan()
			p.Choices.AcceptOverlay, p.Choices.AcceptCapability = false, false
			p.Metadata = &stanza.Metadata{Bucket: "b"}
			s := play(t, p, ringing()...)
			for _, a := range s.call.Handle(Input{On: Answer}) {
				if send, ok := a.(Send); ok && send.Kind() == stanza.Accept {
					if n := len(send.Child.GetChildren()); n != 4 {
						t.Errorf("the accept has %d children", n)
					}
				}
			}
		},
		"RINGING + user rejects -> ENDED(declined)": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), release(phone.Declined))...).because(phone.Declined).
				does("send reject to 200:17@lid count=0", "stop all", "close media", "released declined", "start T_confirm 2s").
				doesNot("send reject to 200:17@lid reason").doesNot("open media")
		},
		"RINGING + busy here -> ENDED(busy), this device only": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), release(phone.Busy))...).because(phone.Busy).does("send reject to 200:17@lid reason=busy count=0")
		},
		"RINGING + terminate absent/timeout -> ENDED(missed)": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), terminated(their17, ""))...).because(phone.Cancelled).doesNot("send")
			play(t, incomingPlan(), append(ringing(), terminated(their17, "timeout"))...).because(phone.NoAnswer)
			play(t, incomingPlan(), append(ringing(), terminated(their17, "group_call_ended"))...).because(phone.Cancelled)
		},
		"RINGING + terminate accepted/rejected_elsewhere -> ENDED(elsewhere)": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), terminated(their17, "accepted_elsewhere"))...).because(phone.AnsweredElsewhere)
			play(t, incomingPlan(), append(ringing(), terminated(their17, "device_switch"))...).because(phone.AnsweredElsewhere)
			play(t, incomingPlan(), append(ringing(), terminated(their17, "rejected_elsewhere"))...).because(phone.DeclinedElsewhere)
		},
		"RINGING + offer again -> RINGING, not shown twice": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), offered(stanza.Body{}))...).in(Ringing).does("update media", "send preaccept").doesNot("offer")
		},
		"RINGING + it rang long enough, or the program stops -> ENDED, no stanza, it rings on elsewhere": func(t *testing.T) {
			for _, why := range []phone.Cause{phone.NoAnswer, phone.LineDown} {
				play(t, incomingPlan(), append(ringing(), release(why))...).because(why).doesNot("send").does("confirmed")
			}
		},
		"RINGING + T_safety -> ENDED(missed), no stanza": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), cmd(SafetyTimeout))...).because(phone.NoAnswer).doesNot("send")
		},
		"RINGING + no relay can be reached -> RINGING, an answer opens the legs again": func(t *testing.T) {
			s := play(t, incomingPlan(), append(ringing(), cmd(MediaFailed))...).in(Ringing).does("drop media").doesNot("send")
			s.on(cmd(Answer)).does("open media")
		},
		"RINGING + early mute_v2 -> told after the answer": func(t *testing.T) {
			play(t, incomingPlan(), append(ringing(), muted(their17, true), cmd(Answer))...).does("peer muted true")
		},
		"RINGING + answer without key or relay -> ENDED(incompatible)": func(t *testing.T) {
			p := incomingPlan()
			p.Mediable = false
			s := play(t, p, ringing()...).in(Ringing).does("offer").doesNot("open media").doesNot("start T_preaccept")
			s.on(cmd(Answer)).because(phone.Incompatible).does("send reject to 200:17@lid reason=uncallable")
		},
		"IDLE + group offer -> RINGING, shown, never preaccepted, declinable": func(t *testing.T) {
			p := incomingPlan()
			p.Group, p.Mediable = true, false
			s := play(t, p, offered(stanza.Body{GroupCall: true})).in(Ringing).does("offer").doesNot("start T_preaccept").doesNot("open media")
			s.on(release(phone.Declined)).because(phone.Declined).does("send reject to 200:17@lid count=0")
		},
		"ACCEPT_SENT + ack error 404/434 -> ENDED(gone)": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), refusal(AcceptRefused, 404))...).because(phone.Stale)
			play(t, incomingPlan(), append(acceptSent(), refusal(AcceptRefused, 434))...).because(phone.Stale)
		},
		"ACCEPT_SENT + ack error 500 -> ACCEPT_SENT, 5 s for media, then ENDED": func(t *testing.T) {
			s := play(t, incomingPlan(), append(acceptSent(), refusal(AcceptRefused, 500))...).in(AcceptSent).does("start T_grace 5s")
			s.on(cmd(GraceTimeout)).because(phone.Failed).does("send terminate to 200:17@lid")
			play(t, incomingPlan(), append(acceptSent(), refusal(AcceptRefused, 500), cmd(MediaHeard))...).in(Active).does("stop T_grace")
		},
		"ACCEPT_SENT + terminate accepted_elsewhere -> ENDED(elsewhere)": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), terminated(their17, "accepted_elsewhere"))...).because(phone.AnsweredElsewhere).doesNot("send")
		},
		"ACCEPT_SENT + plain terminate in the first 500 ms -> ignored, later believed": func(t *testing.T) {
			s := play(t, incomingPlan(), append(ringing(), fromAt(10*time.Second, cmd(Answer)))...)
			s.on(fromAt(10*time.Second+400*time.Millisecond, terminated(their17, ""))).in(AcceptSent).nothing()
			s.on(fromAt(11*time.Second, terminated(their17, ""))).because(phone.NormalClearing)
		},
		"ACCEPT_SENT + receipt(accept) -> CONNECTING": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), receiptOf(AcceptSeen, their17))...).in(Connecting)
		},
		"ACCEPT_SENT + transport -> CONNECTING": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), from(their17, stanza.Transport, stanza.Body{}))...).in(Connecting)
		},
		"ACCEPT_SENT + mute_v2 -> CONNECTING": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), muted(their17, true))...).in(Connecting).does("peer muted true")
		},
		"ACCEPT_SENT + media decrypted -> ACTIVE": func(t *testing.T) {
			play(t, incomingPlan(), talkingIn()...).in(Active).does("stop T_media", "media", "start heartbeat 10s")
		},
		"CONNECTING + media decrypted -> ACTIVE": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), receiptOf(AcceptSeen, their17), cmd(MediaHeard))...).in(Active).does("media")
		},
		"ACCEPT_SENT + T_media -> ENDED(media timeout)": func(t *testing.T) {
			play(t, incomingPlan(), append(acceptSent(), cmd(MediaTimeout))...).because(phone.MediaTimeout).does("send terminate to 200:17@lid reason=timeout")
		},
		"RINGING + relay leg open -> relaylatency to the caller's device": func(t *testing.T) {
			leg := Input{On: LegOpened, Leg: Leg{Relay: "mxp1", RTT: 20 * time.Millisecond, Address: []byte{1, 2, 3, 4, 5, 6}}}
			play(t, incomingPlan(), append(ringing(), leg)...).does("send relaylatency to 200:17@lid").doesNot("send relaylatency to 200:17@lid +")
		},
	} {
		t.Run(name, check)
	}
}

func TestACallThatIsDeclinedAtOnceIsNeverPreaccepted(t *testing.T) {
	play(t, incomingPlan(), append(ringing(), release(phone.RejectedByRule), cmd(PreacceptTimer))...).in(Ended).nothing()
}
