package whatsapp

import (
	"context"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/call"
)

// bury forgets a call that is over; a tombstone keeps it from ringing again.
func (b *board) bury(l *Leg) {
	b.registry.Bury(l.call.Ref.ID, time.Now())
	time.AfterFunc(forgetAfter, func() {
		b.work.Post(func() {
			if b.legs[l.call.Ref.ID] == l {
				delete(b.legs, l.call.Ref.ID)
			}
		})
	})
}

// forgetAfter is how long an ended call still answers for itself: as long as
// its end may be confirmed.
const forgetAfter = 10 * time.Second

// drop ends every call because the link is gone. What was still to be said is
// thrown away: the next link may be another account's.
func (b *board) drop(why phone.Cause) {
	b.work.Post(func() {
		b.wire = nil
		b.out.clear()
		for _, l := range b.legs {
			l.handle(call.Input{On: call.Release, Cause: why})
		}
	})
}

// shutdown ends every call and waits until the server has heard of it, or ctx
// ended.
func (b *board) shutdown(ctx context.Context) {
	left := make(chan []*Leg, 1)
	if !b.work.Post(func() { left <- b.leaveAll() }) {
		return
	}
	for _, l := range <-left {
		select {
		case <-l.settled:
		case <-ctx.Done():
		}
	}
	b.out.close()
	b.work.Close()
	close(b.gone)
}

// leaveAll ends every call and returns those that were alive.
func (b *board) leaveAll() (left []*Leg) {
	for _, l := range b.legs {
		if l.alive() {
			left = append(left, l)
			l.leave()
		}
	}
	return left
}
