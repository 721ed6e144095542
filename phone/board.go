package phone

import "time"

// board is what everybody may read at any time: a picture of the phone that
// is replaced whole, before the event that tells of the change.
type board struct {
	lines    []LineInfo
	calls    []Call
	sounds   map[string]*callSound
	presence Presence
	missed   int
	unheard  int
	player   *player
	gain     float64
	volume   float64
}

// publish replaces the board.
func (p *Phone) publish() {
	b := &board{
		presence: p.presence, missed: p.missed, unheard: p.unheard, player: p.player,
		gain: p.desk.gain, volume: p.desk.volume, sounds: map[string]*callSound{},
	}
	for _, t := range p.lines {
		b.lines = append(b.lines, t.info)
	}
	for _, c := range p.calls {
		b.calls = append(b.calls, c.Call)
		b.sounds[c.ID] = c.sound
	}
	p.board.Store(b)
}

// Lines are all lines in the order of the configuration.
func (p *Phone) Lines() []LineInfo { return p.board.Load().lines }

// Calls are the living calls, oldest first.
func (p *Phone) Calls() []Call { return p.board.Load().calls }

// Call is a living call.
func (p *Phone) Call(id string) (Call, bool) {
	for _, c := range p.Calls() {
		if c.ID == id {
			return c, true
		}
	}
	return Call{}, false
}

// Presence is how we want to be treated right now.
func (p *Phone) Presence() Presence { return p.board.Load().presence }

// Missed counts the missed calls that nobody has looked at.
func (p *Phone) Missed() int { return p.board.Load().missed }

// Unheard counts the voicemails that nobody has listened to.
func (p *Phone) Unheard() int { return p.board.Load().unheard }

// tell writes a call and an event about it to the store, and tells watchers.
func (p *Phone) tell(c *live, kind EventKind, what string) {
	snapshot := c.Call
	p.emitCall(&snapshot, Event{Kind: kind, Line: c.Line, Call: &snapshot, What: what})
}

// emit tells an event that is about no call.
func (p *Phone) emit(e Event) { p.emitCall(nil, e) }

func (p *Phone) emitCall(c *Call, e Event) {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	if e.Kind.stored() {
		p.save(c, &e)
	}
	if c != nil {
		p.counted(*c)
	}
	p.show(e)
}

// show tells watchers an event as it is.
func (p *Phone) show(e Event) {
	p.publish()
	p.watching.push(e, p.picture)
}

// save writes to the store; people are told once when that begins to fail.
func (p *Phone) save(c *Call, e *Event) {
	err := p.store.Save(c, e)
	if err != nil {
		p.log.Error("the log could not be written", "err", err)
	}
	if (err != nil) == p.unsaved {
		return
	}
	p.unsaved = err != nil
	if p.unsaved {
		p.notice(e.Line, "The call log cannot be written: "+err.Error()+". Is the disk full?")
	}
}

// notice tells people a sentence.
func (p *Phone) notice(line, sentence string) {
	p.emit(Event{Kind: EventNotice, Line: line, What: sentence})
}

// picture is the present state as events.
func (p *Phone) picture() []Event {
	b, now := p.board.Load(), time.Now()
	var es []Event
	for i := range b.lines {
		es = append(es, Event{Kind: EventLine, Line: b.lines[i].Name, Info: &b.lines[i]})
	}
	for i := range b.calls {
		es = append(es, Event{Kind: EventState, Line: b.calls[i].Line, Call: &b.calls[i]})
	}
	es = append(es, Event{Kind: EventPresence, What: string(b.presence)}, Event{Kind: EventSnapshot})
	for i := range es {
		es[i].At, es[i].Replayed = now, true
	}
	if g, ok := p.cfg.Gatekeeper.(Troubled); ok && g.Problem() != "" {
		es = append(es, Event{Kind: EventNotice, At: now, What: CleanLine(g.Problem(), maxText)})
	}
	return es
}
