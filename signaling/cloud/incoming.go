package cloud

import (
	"context"
	"time"

	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/sdp"
	"tring/signaling/cloud/webhook"
)

// offer lets a call ring, or says why it must not.
func (d *desk) offer(e webhook.Call, received time.Time) {
	party := d.meet(e.From)
	d.book.opened(party, e.At) // their call opens the window for free texts
	o := phone.IncomingOffer{
		ID: e.ID, From: party, OfferedAt: d.ours(e.At, received), Received: received,
		Payload:    phone.CleanLine(e.Payload, maxPayload),
		Permission: d.book.look(party).permission(d.config.Limits, d.graph.Now()),
	}
	remote, err := sdp.CheckRemote(e.SDP)
	switch {
	case d.memory.Has(webhook.CallKey(e.ID, webhook.Terminate)):
		d.missed(o, phone.Cancelled)
	case d.stale(e.At):
		d.missed(o, phone.Stale)
	case err != nil:
		d.log.Warn("call: their offer cannot be used", "call", short(e.ID), "error", err)
		d.refuse(o, phone.Incompatible)
	case len(d.legs) >= maxLegs:
		d.refuse(o, phone.Busy)
	default:
		d.ring(o, remote)
	}
}

// maxLegs bounds the calls that one terminal can have.
const maxLegs = 32

// maxPayload bounds what a button or link carried, in characters (Meta's own
// limit).
const maxPayload = 512

// ours is a time of Meta's by our clock.
func (d *desk) ours(at, received time.Time) time.Time {
	if at.IsZero() {
		return received
	}
	return at.Add(time.Since(d.graph.Now()))
}

func (d *desk) missed(o phone.IncomingOffer, why phone.Cause) {
	d.log.Info("call: does not ring", "call", short(o.ID), "why", why)
	d.emit(phone.OfferMissed{Offer: o, Cause: why})
	d.onOffer(false)
}

// refuse tells Meta that nobody will answer, so that nobody waits.
func (d *desk) refuse(o phone.IncomingOffer, why phone.Cause) {
	d.missed(o, why)
	d.request(func(ctx context.Context) error { return d.graph.Reject(ctx, o.ID) }, func(err error) {
		if err != nil {
			d.log.Warn("call: reject was refused", "call", short(o.ID), "error", err)
		}
	})
}

var modes = map[PreAccept]call.Mode{
	PreAcceptRing: call.Early, PreAcceptAnswer: call.AtAnswer, PreAcceptNever: call.NoPreAccept,
}

// ring begins a call that comes in.
func (d *desk) ring(o phone.IncomingOffer, remote sdp.Remote) {
	l := d.newLeg(o.ID, o.From)
	close(l.named)
	left := d.config.Timers.Answer - time.Since(o.OfferedAt)
	o.Leg, o.Deadline, o.Surely = l, time.Now().Add(left), o.OfferedAt.Add(d.config.Timers.Surely)
	l.offer, l.remote = o, remote
	t := d.callTimers()
	t.Answer = left
	var do []call.Action
	l.call, do = call.New(call.Plan{Mode: modes[d.config.Media.PreAccept], Timers: t})
	d.legs[o.ID] = l
	for _, a := range do {
		l.do(a)
	}
}

func (d *desk) callTimers() call.Timers {
	t := d.config.Timers
	return call.Timers{Early: t.PreAccept, Answer: t.Answer, Hurry: t.Hurry, Hook: t.Hook, Ring: t.Ring, Link: t.Link}
}
