package whatsapp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

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
