package call

import (
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

func TestCaller(t *testing.T) {
	for name, check := range map[string]func(t *testing.T){
		"IDLE + place -> OFFERING": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place)).in(Offering).does("send offer to 200@lid", "start T_ack 10s")
		},
		"OFFERING + ack with relay -> CALLING": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), acked()).in(Calling).does("stop T_ack", "open media to 200@lid", "start T_ring 1m30s")
		},
		"OFFERING + ack without settings -> CALLING, ring time is ours": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), Input{On: OfferAcked, Ack: &stanza.Ack{}}).in(Calling).does("start T_ring 1m0s")
		},
		"OFFERING + ack 463 -> ENDED(restricted)": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), refusal(OfferRefused, 463)).because(phone.Restricted).does("stop all", "close media", "released restricted", "confirmed")
		},
		"OFFERING + ack 404 -> ENDED(not on network)": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), refusal(OfferRefused, 404)).because(phone.NotOnNetwork)
		},
		"OFFERING + ack 403 -> ENDED(not allowed)": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), refusal(OfferRefused, 403)).because(phone.NotAllowed)
		},
		"OFFERING + ack 439 -> ENDED(failed)": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), refusal(OfferRefused, 439)).because(phone.Failed)
		},
		"OFFERING + T_ack -> ENDED(failed), devices told in case it went out": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), cmd(AckTimeout)).because(phone.NetworkLost).does("send terminate to 200@lid +200@lid +200:16@lid +200:17@lid")
		},
		"OFFERING + early receipt and preaccept -> OFFERING, then ALERTING": func(t *testing.T) {
			s := play(t, outgoingPlan(), cmd(Place), receiptOf(Reached, their16)).in(Offering)
			s.on(preaccept(their16)).in(Offering).does("alerting")
			s.on(acked()).in(Alerting)
		},
		"CALLING + receipt(offer) -> CALLING, device reached": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), receiptOf(Reached, their16))...).in(Calling).does("start T_alert 1.5s").
				on(receiptOf(Reached, their17)).in(Calling).nothing()
		},
		"CALLING + receipt but no preaccept -> ALERTING": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), receiptOf(Reached, their16), cmd(AlertTimeout))...).in(Alerting).does("alerting")
		},
		"CALLING + preaccept -> ALERTING": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), preaccept(their17))...).in(Alerting).does("stop T_alert", "alerting").
				on(preaccept(their16)).in(Alerting).nothing()
		},
		"CALLING + accept -> CONNECTING": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), accept(their17))...).in(Connecting).does(
				"stop T_ring", "rekey to 200:17@lid", "send terminate to 200@lid reason=accepted_elsewhere +200@lid +200:16@lid",
				"send transport to 200:17@lid", "send mute_v2 to 200:17@lid mute-state=0", "start media", "accepted by 200:17@lid", "start T_media 30s")
		},
		"RINGING + accept -> CONNECTING, relay block merged": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), accept(their17))...).in(Connecting).does("update media", "rekey to 200:17@lid")
		},
		"OFFERING + accept before the ack -> CONNECTING, relay taken from the accept": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), accept(their17)).in(Connecting).does("open media", "rekey to 200:17@lid")
		},
		"RINGING + accept with a wrong rate -> ENDED(incompatible)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), from(their17, stanza.Accept, stanza.Body{Rates: []int{8000}}))...).
				because(phone.Incompatible).does("send terminate to 200@lid +200@lid +200:16@lid +200:17@lid")
		},
		"CALLING + preaccept with a wrong rate -> ENDED(incompatible)": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), from(their17, stanza.Preaccept, stanza.Body{Rates: []int{8000}}))...).because(phone.Incompatible)
			play(t, outgoingPlan(), append(alerting(), from(their16, stanza.Preaccept, stanza.Body{Rates: []int{8000}}))...).because(phone.Incompatible)
		},
		"RINGING + media of a device -> CONNECTING, as an accept": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(alerting(), Input{On: MediaHeard, Device: their16})...).in(Connecting)
			s.does("stop T_ring", "start media", "accepted by 200:16@lid", "media").doesNot("send terminate")
			s.on(accept(their16)).in(Active).does("rekey to 200:16@lid", "send terminate to 200@lid reason=accepted_elsewhere +200@lid +200:17@lid", "send transport", "send mute_v2").doesNot("media")
		},
		"CONNECTING by media, the accept never comes -> ACTIVE": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), Input{On: MediaHeard, Device: their16}, cmd(MediaTimeout))...).in(Active)
		},
		"RINGING + reject without reason -> ENDED(declined)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), rejected(their17, "", 0))...).because(phone.Declined).
				does("send terminate to 200@lid reason=rejected_elsewhere +200@lid +200:16@lid", "released declined")
		},
		"RINGING + reject busy -> RINGING, the others ring on": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(alerting(), rejected(their17, "busy", 0))...).in(Alerting).doesNot("send")
			s.on(rejected(their17, "", 0)).in(Alerting).nothing() // an excluded device says no more
			s.on(rejected(their16, "busy", 0)).in(Alerting).doesNot("send")
			s.on(rejected(their0, "busy", 0)).because(phone.Busy)
		},
		"RINGING + reject uncallable of a hosted device -> RINGING": func(t *testing.T) {
			p := outgoingPlan()
			p.Rung = append(p.Rung, hosted)
			s := play(t, p, append(alerting(), rejected(hosted, "uncallable", 0))...).in(Alerting)
			for _, d := range p.Rung[:2] {
				s.on(rejected(d, "busy", 0)).in(Alerting)
			}
			s.on(rejected(their17, "uncallable", 0)).because(phone.Incompatible).does("send terminate")
		},
		"RINGING + reject enc -> RINGING, key sent again": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), rejected(their17, "enc", 1))...).in(Alerting).does("reencrypt 200:17@lid count 1").doesNot("send terminate")
		},
		"RINGING + reject enc, retries switched off -> device excluded": func(t *testing.T) {
			p := outgoingPlan()
			p.Choices.RetryKeys = false
			play(t, p, append(alerting(), rejected(their17, "enc", 1))...).in(Alerting).doesNot("reencrypt")
		},
		"RINGING + reject enc, the fifth -> device excluded": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(alerting(), rejected(their17, "enc", 5))...).in(Alerting).doesNot("reencrypt")
			s.on(rejected(their16, "busy", 0)).on(rejected(their0, "enc", 5)).because(phone.DecryptionFailed)
		},
		"RINGING + user cancels -> ENDED(cancelled)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), release(phone.Cancelled))...).because(phone.Cancelled).
				does("send terminate to 200@lid +200@lid +200:16@lid +200:17@lid", "stop all", "released cancelled", "start T_confirm 2s")
		},
		"RINGING + the phone's own ring time is over -> ENDED(no answer)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), release(phone.NoAnswer))...).because(phone.NoAnswer).does("send terminate to 200@lid reason=timeout")
		},
		"OFFERING + user cancels -> ENDED(cancelled)": func(t *testing.T) {
			play(t, outgoingPlan(), cmd(Place), release(phone.Cancelled)).because(phone.Cancelled).does("send terminate")
		},
		"RINGING + T_ring -> ENDED(no answer)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), cmd(RingTimeout))...).because(phone.NoAnswer).
				does("send terminate to 200@lid reason=timeout +200@lid +200:16@lid +200:17@lid")
		},
		"CALLING + T_ring without any receipt -> ENDED(unreachable)": func(t *testing.T) {
			play(t, outgoingPlan(), append(calling(), cmd(RingTimeout))...).because(phone.Unreachable)
		},
		"RINGING + terminate from a callee device -> ENDED": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), terminated(their17, ""))...).because(phone.Declined).does("send terminate to 200@lid +200@lid +200:16@lid")
			play(t, outgoingPlan(), append(alerting(), terminated(their17, "timeout"))...).because(phone.NoAnswer)
			play(t, outgoingPlan(), append(alerting(), terminated(their17, "busy"))...).because(phone.Busy)
			play(t, outgoingPlan(), append(alerting(), terminated(their17, "blocked"))...).because(phone.NotAllowed)
		},
		"RINGING + no relay can be reached -> ENDED(media timeout)": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), cmd(MediaFailed))...).because(phone.MediaTimeout).does("send terminate")
		},
		"RINGING + early mute_v2 -> remembered, told after the accept": func(t *testing.T) {
			s := play(t, outgoingPlan(), append(alerting(), muted(their17, true))...).in(Alerting).nothing()
			s.on(accept(their17)).does("accepted by", "peer muted true")
		},
		"RINGING + our mute -> told after the accept": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), Input{On: SetMuted, Muted: true}, accept(their17))...).does("send mute_v2 to 200:17@lid mute-state=1")
		},
		"RINGING + relay leg open -> relaylatency to all rung devices, once per relay": func(t *testing.T) {
			leg := Input{On: LegOpened, Leg: Leg{Relay: "mxp1", RTT: 105 * time.Millisecond, Address: []byte{1, 2, 3, 4, 5, 6}}}
			play(t, outgoingPlan(), append(alerting(), leg)...).does("send relaylatency to 200@lid +200@lid +200:16@lid +200:17@lid").on(leg).nothing()
			play(t, outgoingPlan(), append(connecting(), leg)...).does("send relaylatency to 200:17@lid").doesNot("send relaylatency to 200:17@lid +")
		},
		"a stranger cannot touch the call": func(t *testing.T) {
			play(t, outgoingPlan(), append(alerting(), accept(stranger))...).in(Alerting).nothing()
			play(t, outgoingPlan(), append(alerting(), terminated(stranger, ""))...).in(Alerting).nothing()
		},
	} {
		t.Run(name, check)
	}
}

func TestSiblingsAreDismissedOneByOneWhenTheServerRefusesTheList(t *testing.T) {
	s := play(t, outgoingPlan(), append(connecting(), refusal(DismissRefused, 400))...)
	s.does("send terminate to 200@lid reason=accepted_elsewhere", "send terminate to 200:16@lid reason=accepted_elsewhere")
	s.on(refusal(DismissRefused, 400)).nothing()
}

func TestSiblingsAreDismissedOneByOneByChoice(t *testing.T) {
	p := outgoingPlan()
	p.Choices.Dismiss = DismissEach
	play(t, p, connecting()...).does("send terminate to 200@lid reason=accepted_elsewhere", "send terminate to 200:16@lid reason=accepted_elsewhere")
}

func TestABusyRejectDoesNotUseUpTheDismissal(t *testing.T) {
	play(t, outgoingPlan(), append(alerting(), rejected(their16, "busy", 0), accept(their17))...).
		does("send terminate to 200@lid reason=accepted_elsewhere +200@lid +200:16@lid")
}

func TestADuplicateAcceptDoesNotDismissTwice(t *testing.T) {
	play(t, outgoingPlan(), append(connecting(), accept(their17))...).in(Connecting).doesNot("send terminate")
}

func TestTheCallerSendsWhatTheAnsweringDeviceDecodes(t *testing.T) {
	if s := play(t, outgoingPlan(), connecting()...); s.call.DecodesOpus() {
		t.Error("a device that knows MLow is taken for one that decodes plain Opus")
	}
	plain := from(their17, stanza.Preaccept, stanza.Body{Capability: stanza.WebCapability.Without(stanza.MLow)})
	if s := play(t, outgoingPlan(), append(calling(), plain, accept(their17))...); !s.call.DecodesOpus() {
		t.Error("a device that does not know MLow must get plain Opus")
	}
	if s := play(t, outgoingPlan(), append(calling(), plain, accept(their16))...); s.call.DecodesOpus() {
		t.Error("the capability of another device than the answering one was used")
	}
	told := accept(their17)
	told.Signal.Body.Settings = stanza.Settings{Known: true, Opus: true}
	if s := play(t, outgoingPlan(), append(alerting(), told)...); !s.call.DecodesOpus() {
		t.Error("the settings in the accept were not read")
	}
}
