package whatsapp

import (
	"fmt"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// handle feeds the machine and does what it says. Board goroutine only.
func (l *Leg) handle(in call.Input) {
	if in.At.IsZero() {
		in.At = time.Now()
	}
	before := l.call.State()
	l.jotInput(in)
	for _, a := range l.call.Handle(in) {
		l.do(a)
	}
	if after := l.call.State(); after != before {
		l.jot(toldState, fmt.Sprintf("%v → %v", before, after))
		l.board.log.Info("call", "id", maskID(l.id), "from", before, "on", in.On, "to", after)
	}
}

// do carries out one action.
func (l *Leg) do(a call.Action) {
	switch a := a.(type) {
	case call.Send:
		l.board.send(l, a)
	case call.Reencrypt:
		l.offerAgain(a)
	case call.Start:
		l.timers.Start(a.On, a.After, func() { l.handle(call.Input{On: a.On}) })
	case call.Stop:
		l.timers.Stop(a.On)
	case call.StopAll:
		l.timers.StopAll()
	case call.Note:
		l.jot(toldNote, phone.MaskText(a.Text))
		l.board.log.Info("call note", "id", maskID(l.id), "note", phone.MaskText(a.Text))
	case call.Confirmed:
		l.settle(nil)
	case call.Unconfirmed:
		l.settle(phone.ErrUnconfirmed)
	default:
		l.sound(a)
	}
}

// offered hands out, once, the channel that tells when the offer was sent.
func (l *Leg) offered(k stanza.Kind) chan struct{} {
	if k != stanza.Offer {
		return nil
	}
	sent := l.sent
	l.sent = nil
	return sent
}

func (l *Leg) settle(proof error) {
	l.proof = proof
	close(l.settled)
}

// sound carries out the actions that concern the media and the phone.
func (l *Leg) sound(a call.Action) {
	switch a := a.(type) {
	case call.OpenMedia:
		l.openMedia(a)
	case call.StartMedia:
		l.stream.setCodec(l.codec())
		if l.media != nil {
			l.media.StartMedia()
		}
	case call.RekeyMedia:
		l.rekey(stanza.DeviceText(a.Peer))
	case call.UpdateMedia:
		if l.media != nil {
			l.media.Update(l.board.reachable(*a.Relay))
		}
	case call.DropMedia:
		l.dropMedia()
	case call.CloseMedia:
		l.closeMedia()
	default:
		l.report(a)
	}
}

// report tells the phone.
func (l *Leg) report(a call.Action) {
	tell := l.board.tell
	switch a := a.(type) {
	case call.TellOffer:
		l.shown = true
		tell(phone.OfferReceived{Offer: l.offer})
	case call.TellAlerting:
		tell(phone.LegAlerting{Leg: l})
	case call.TellAccepted:
		tell(phone.LegAccepted{Leg: l, Party: l.Party()})
	case call.TellMedia:
		tell(phone.LegMedia{Leg: l})
	case call.TellReconnecting:
		tell(phone.LegReconnecting{Leg: l, On: a.On})
	case call.TellMuted:
		l.stream.setMuted(a.Muted)
		tell(phone.LegPeerMuted{Leg: l, Muted: a.Muted})
	case call.TellReleased:
		l.end(a)
	}
}

// end is the leg's last event.
func (l *Leg) end(a call.TellReleased) {
	l.cancel(a.Cause)
	l.released.Store(true)
	l.board.bury(l)
	switch {
	case l.quiet:
	case !l.call.Outgoing && !l.shown:
		missed := l.offer
		missed.Leg = nil
		l.board.tell(phone.OfferMissed{Offer: missed, Cause: a.Cause})
	default:
		l.board.tell(phone.LegReleased{Leg: l, Cause: a.Cause, Detail: phone.CleanName(a.Detail)})
	}
}

// leave ends the call because the program ends: what we placed is cancelled,
// what we are in is hung up. What only rings here rings on elsewhere.
func (l *Leg) leave() {
	why := phone.NormalClearing
	switch s := l.call.State(); {
	case s == call.Ringing || s == call.KeyWait:
		why = phone.LineDown
	case l.call.Outgoing && s < call.Connecting:
		why = phone.Cancelled
	}
	l.handle(call.Input{On: call.Release, Cause: why})
}
