package cloud

import (
	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/rtc"
)

// tell tells the phone.
func (l *Leg) tell(a call.Tell) {
	if l.silent {
		return
	}
	emit := l.desk.emit
	switch a.What {
	case call.TellOffer:
		emit(phone.OfferReceived{Offer: l.offer})
	case call.TellAlerting:
		emit(phone.LegAlerting{Leg: l})
	case call.TellAccepted:
		emit(phone.LegAccepted{Leg: l, Party: l.Party()})
	case call.TellMedia:
		emit(phone.LegMedia{Leg: l})
	case call.TellReconnecting:
		emit(phone.LegReconnecting{Leg: l, On: a.On})
	}
}

// end is the leg's last event.
func (l *Leg) end(a call.Released) {
	l.ended = true
	l.cancel(a.Cause)
	l.released.Store(true)
	delete(l.desk.legs, l.ID()) // one without an id keeps its place until Meta's answer
	l.remember(a.Cause)
	if !l.silent && l.ID() != "" {
		l.desk.emit(phone.LegReleased{Leg: l, Cause: a.Cause, Detail: phone.CleanLine(a.Detail, maxDetail)})
	}
}

// maxDetail bounds what is said about the end of a call, in characters.
const maxDetail = 300

var pathInputs = map[rtc.Kind]call.On{
	rtc.Linked: call.Linked, rtc.Heard: call.Heard, rtc.Quiet: call.Quiet, rtc.Back: call.Back, rtc.Lost: call.Lost,
}

// heard turns an event of the path into an input.
func (l *Leg) heard(e rtc.Event) {
	if e.Kind != rtc.Digit {
		l.handle(call.Input{On: pathInputs[e.Kind]})
		return
	}
	if l.call.State() == call.Active {
		l.desk.emit(phone.LegDigit{Leg: l, Digit: e.Digit})
	}
}

// leave ends the call because the program ends.
func (l *Leg) leave() {
	why := phone.NormalClearing
	switch l.call.State() {
	case call.Ringing:
		why = phone.LineDown
	case call.Dialing, call.Alerting:
		why = phone.Cancelled
	}
	l.handle(call.Input{On: call.Release, Cause: why})
}

// remember keeps what the call means for the next: Meta counts answers.
func (l *Leg) remember(why phone.Cause) {
	d := l.desk
	talked := false
	select {
	case <-l.active:
		talked = true
	default:
	}
	incoming := l.tag == ""
	if incoming {
		d.onOffer(talked)
	}
	switch {
	case talked:
		d.book.connected(l.Party(), !incoming, d.graph.Now())
	case !incoming && l.ID() != "" && (why == phone.NoAnswer || why == phone.Declined || why == phone.Cancelled):
		d.unanswered(l.Party())
	}
}
