package phone

import "time"

// handle takes one event of a line: one line per kind.
func (p *Phone) handle(t *trunk, e LineEvent) {
	switch e := e.(type) {
	case LineChanged:
		p.lineChanged(t, e.Info)
	case deviceLost:
		p.lostDevice(e.err)
	case lineStopped:
		p.lineGaveUp(t, e.err)
	case OfferReceived:
		p.offered(t, e.Offer)
	case OfferMissed:
		p.missedOffer(t, e.Offer, e.Cause)
	case LegAlerting:
		p.onLeg(t, e.Leg, e, func(c *live) { p.alerting(c) })
	case LegAccepted:
		p.onLeg(t, e.Leg, e, func(c *live) { p.accepted(c, e.Party) })
	case LegMedia:
		p.onLeg(t, e.Leg, e, func(c *live) { p.media(c) })
	case LegReconnecting:
		p.onLeg(t, e.Leg, e, func(c *live) { p.flip(c, &c.Reconnecting, e.On, "reconnecting") })
	case LegPeerMuted:
		p.onLeg(t, e.Leg, e, func(c *live) { p.flip(c, &c.PeerMuted, e.Muted, "peer_muted") })
	case LegDigit:
		p.onLeg(t, e.Leg, e, func(c *live) { p.digit(c, e.Digit) })
	case LegReleased:
		p.onLeg(t, e.Leg, e, func(c *live) {
			p.finish(c, e.Cause, e.Detail)
			p.hungUpOn(c)
		})
	case TextReceived:
		p.texted(t, e)
	case ContactsChanged:
		p.contactsChanged()
	case PartyLearned:
		p.learned(e.Party)
	case HistoryLearned:
		p.history(t, e.Calls)
	case PermissionLearned:
		p.permitted(t, e)
	case LineNotice:
		p.notice(t.info.Name, CleanLine(e.Sentence, maxText))
	default:
		p.log.Warn("a line told something that the phone does not know", "line", t.info.Name)
	}
}

// maxEarly bounds the events kept for legs that Dial has not returned yet.
const maxEarly = 64

// onLeg does something with the call that an event speaks of. A line may tell
// of a leg before Dial has returned it; such events wait.
func (p *Phone) onLeg(t *trunk, leg Leg, e LineEvent, do func(*live)) {
	if leg == nil {
		return
	}
	if c := p.byLeg(t, leg); c != nil {
		do(c)
		return
	}
	if t.dials > 0 && len(t.early) < maxEarly && len(t.early[leg.ID()]) < maxEarly {
		t.early[leg.ID()] = append(t.early[leg.ID()], e)
	}
}

// maxFlips is how many changes a second of what the other side may change as it
// likes are kept in the log; people see all of them.
const maxFlips = 4

// flip changes a property that the other side or the network told us of.
func (p *Phone) flip(c *live, property *bool, to bool, what string) {
	if *property == to {
		return
	}
	*property = to
	now := time.Now()
	if now.Sub(c.flipsSince) >= time.Second {
		c.flipsSince, c.flips = now, 0
	}
	if c.flips++; c.flips <= maxFlips {
		p.changed(c, what)
		return
	}
	snapshot := c.Call
	p.show(Event{At: now, Kind: EventChanged, Line: c.Line, Call: &snapshot, What: what})
}

func (p *Phone) alerting(c *live) {
	if c.Direction == Outbound && p.move(c, Alerting) {
		p.refreshSound()
	}
}

// accepted is told when somebody answered: they our call, or, by some lines,
// when our own answer was taken.
func (p *Phone) accepted(c *live, by Party) {
	if c.Direction == Inbound {
		if c.State == Connecting {
			p.pickedUp(c)
		}
		return
	}
	if c.State.Answered() {
		return
	}
	c.Party = c.Party.Merge(p.named(by.clean()))
	c.Answered = time.Now()
	if !p.move(c, Accept) {
		return
	}
	p.awaitMedia(c)
	p.startBeat(c)
	p.refreshSound()
	if c.heard {
		p.media(c)
	}
}

// maxDigits bounds what a stranger can make us remember.
const maxDigits = 256

func (p *Phone) digit(c *live, d rune) {
	if !isDigit(d) || len(c.Digits) >= maxDigits {
		return
	}
	c.Digits += string(d)
	p.tell(c, EventDigit, string(d))
}

// texted passes a text on, cut and sanitised.
func (p *Phone) texted(t *trunk, e TextReceived) {
	at := e.At
	if at.IsZero() {
		at = time.Now()
	}
	from := p.named(e.From.clean())
	noteWritten(p.wrote, from, time.Now())
	p.emit(Event{Kind: EventText, Line: t.info.Name, Text: &Text{
		Party: from, Body: CleanText(e.Text, maxText), At: at.Local(),
	}})
}

// maxText bounds a text message in runes; WhatsApp's own limit is 65,536.
const maxText = 4096
