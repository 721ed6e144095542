package whatsapp_test

import (
	"testing"

	"tring/phone"
)

func TestTwoLinesTalkAndHangUp(t *testing.T) {
	x := network(t)
	noRefusals(t, x)
	ann, bob := linked(t, x, "+15550100001", "Ann"), linked(t, x, "+15550100002", "Bob")
	leg := ann.dial(bob)
	offer := bob.rings(leg.ID())
	ann.awaitAlerting(leg)
	if err := offer.Leg.Answer(t.Context()); err != nil {
		t.Fatal(err)
	}
	ann.awaitAccepted(leg)
	talk(t, leg)
	talk(t, offer.Leg)
	ann.awaitMedia(leg)
	bob.awaitMedia(offer.Leg)
	if err := leg.Release(t.Context(), phone.NormalClearing); err != nil {
		t.Errorf("release: %v", err)
	}
	ann.awaitReleased(leg, phone.NormalClearing)
	bob.awaitReleased(offer.Leg, phone.NormalClearing)
}
