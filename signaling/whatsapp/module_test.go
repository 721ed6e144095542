package whatsapp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/call"
)

// The call module of wa-js, method by method.
func TestTheCallModule(t *testing.T) {
	t.Run("offer, accept and end without ids", func(t *testing.T) {
		w := newTown(t)
		leg, err := w.ann.Offer(soon(t), "+1 555 010 0002", false)
		w.must(err)
		w.bob.rings(leg.ID())
		w.must(w.bob.Accept(soon(t), ""))
		w.ann.awaitAccepted(leg)
		calls, err := w.bob.Calls(soon(t))
		if err != nil || len(calls) != 1 || calls[0].ID != leg.ID() || calls[0].Outgoing || calls[0].State < call.AcceptSent {
			t.Errorf("calls %+v %v", calls, err)
		}
		w.must(w.bob.End(soon(t), ""))
		w.ann.awaitReleased(leg, phone.NormalClearing)
	})
	t.Run("offer video", func(t *testing.T) {
		w := newTown(t)
		leg, err := w.ann.Offer(soon(t), w.bob.account.LID(), true)
		w.must(err)
		if o := w.bob.rings(leg.ID()); !o.Video {
			t.Error("no video")
		}
		w.must(w.ann.End(soon(t), leg.ID()))
		w.ann.awaitReleased(leg, phone.Cancelled)
	})
	t.Run("reject and its alias", func(t *testing.T) {
		for name, reject := range map[string]func(*whatsapp.Line, string) error{
			"reject":     func(l *whatsapp.Line, id string) error { return l.Reject(soon(t), id) },
			"rejectCall": func(l *whatsapp.Line, id string) error { return l.RejectCall(soon(t), id) },
		} {
			t.Run(name, func(t *testing.T) {
				w := newTown(t)
				leg, _ := w.ring()
				w.must(reject(w.bob.Line, leg.ID()))
				w.ann.awaitReleased(leg, phone.Declined)
			})
		}
	})
	t.Run("end in every state", func(t *testing.T) {
		w := newTown(t)
		leg, _ := w.ring()
		w.must(w.ann.End(soon(t), leg.ID()))
		w.ann.awaitReleased(leg, phone.Cancelled)
		leg, offer := w.ring()
		w.must(w.bob.End(soon(t), leg.ID())) // it rings here: that is a no
		w.ann.awaitReleased(leg, phone.Declined)
		w.bob.awaitReleased(offer.Leg, phone.Declined)
		leg, offer = w.ring()
		w.must(offer.Leg.Answer(soon(t)))
		w.ann.awaitAccepted(leg) // nobody has been heard yet
		w.must(w.ann.End(soon(t), ""))
		w.bob.awaitReleased(offer.Leg, phone.NormalClearing)
		a, b := w.talk()
		w.must(w.bob.End(soon(t), b.ID()))
		w.ann.awaitReleased(a, phone.NormalClearing)
		if err := w.bob.End(soon(t), b.ID()); !errors.Is(err, whatsapp.ErrCallNotFound) {
			t.Errorf("ending it twice: %v", err)
		}
	})
	t.Run("offer returns the call, its peer and its state", func(t *testing.T) {
		w := newTown(t)
		leg, err := w.ann.Offer(soon(t), w.bob.account.Number(), false)
		w.must(err)
		w.ann.awaitAlerting(leg)
		calls, err := w.ann.Calls(soon(t))
		w.must(err)
		if len(calls) != 1 || calls[0].ID != leg.ID() || calls[0].Peer.String() != w.bob.account.LID() || calls[0].State != call.Alerting || !calls[0].Outgoing {
			t.Errorf("calls %+v", calls)
		}
		w.must(w.ann.End(soon(t), ""))
	})
	t.Run("its errors", func(t *testing.T) {
		w := newTown(t)
		carl := linked(t, w.Exchange, "+15550100003", "Carl")
		for name, c := range map[string]struct{ got, want error }{
			"accept nothing":   {w.bob.Accept(soon(t), ""), whatsapp.ErrCallNotFound},
			"reject nothing":   {w.bob.Reject(soon(t), "00AA"), whatsapp.ErrCallNotFound},
			"end nothing":      {w.bob.End(soon(t), ""), whatsapp.ErrCallNotFound},
			"offer to a group": {offerError(t, w.ann, "120363000000000001@g.us"), whatsapp.ErrNotUser},
			"offer to nobody":  {offerError(t, w.ann, "+15550109999"), whatsapp.ErrNoContact},
		} {
			if !errors.Is(c.got, c.want) {
				t.Errorf("%s: %v, want %v", name, c.got, c.want)
			}
		}
		leg, _ := w.ring()
		if err := w.ann.Accept(soon(t), leg.ID()); !errors.Is(err, whatsapp.ErrNotRinging) {
			t.Errorf("accepting our own call: %v", err)
		}
		second := carl.dial(w.bob)
		w.bob.rings(second.ID())
		err := w.bob.Accept(soon(t), "")
		if !errors.Is(err, whatsapp.ErrManyRinging) || !strings.Contains(err.Error(), leg.ID()) || !strings.Contains(err.Error(), "~Carl") {
			t.Errorf("two calls ring: %v", err)
		}
		w.must(w.bob.Reject(soon(t), second.ID()))
		w.must(w.bob.Reject(soon(t), ""))
	})
	t.Run("the incoming event", func(t *testing.T) {
		w := newTown(t)
		leg, offer := w.ring()
		b, err := json.Marshal(whatsapp.DescribeIncoming(offer))
		w.must(err)
		var got map[string]any
		w.must(json.Unmarshal(b, &got))
		if got["id"] != leg.ID() || got["isGroup"] != false || got["isVideo"] != false || got["sender"] != w.ann.account.LID() ||
			!strings.HasSuffix(got["peerJid"].(string), ":1@lid") || time.Since(time.Unix(int64(got["offerTime"].(float64)), 0)) > time.Minute {
			t.Errorf("event %s", b)
		}
		w.must(leg.Release(soon(t), phone.Cancelled))
	})
	t.Run("the incoming event of a video call and of a group call", func(t *testing.T) {
		w := newTown(t)
		leg, err := w.ann.Offer(soon(t), w.bob.account.Number(), true)
		w.must(err)
		if e := whatsapp.DescribeIncoming(w.bob.rings(leg.ID())); !e.IsVideo || e.IsGroup || e.ID != leg.ID() {
			t.Errorf("event %+v", e)
		}
		w.must(leg.Release(soon(t), phone.Cancelled))
		group, err := w.Chat().AddGroup("Family")
		w.must(err)
		id, err := w.ann.account.Handset().CallGroup(chat.GroupCall{Group: group}, w.bob.account.Number())
		w.must(err)
		e := whatsapp.DescribeIncoming(w.bob.rings(id))
		if !e.IsGroup || e.IsVideo || e.ID != id || e.Sender != w.ann.account.LID() || !strings.HasSuffix(e.PeerJID, ":0@lid") {
			t.Errorf("event %+v", e)
		}
		w.must(w.bob.Reject(soon(t), id))
	})
	t.Run("calling enabled", func(t *testing.T) {
		w := newTown(t)
		w.must(w.ann.CallingEnabled(soon(t)))
		w.ann.halt()
		if err := w.ann.CallingEnabled(soon(t)); !errors.Is(err, phone.LineDown) {
			t.Errorf("a line that does not run may call: %v", err)
		}
		never := unlinked(t, w.Exchange, config(t, w.Exchange, "Never"))
		if err := never.CallingEnabled(soon(t)); !errors.Is(err, phone.ErrNotLinked) {
			t.Errorf("a line without a link may call: %v", err)
		}
	})
}

func offerError(t *testing.T, s *station, to string) error {
	_, err := s.Offer(soon(t), to, false)
	return err
}
