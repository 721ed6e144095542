package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tring/audio"
	"tring/phone"
)

// partyLine drives one phone.Line the way its party behaves.
type partyLine struct {
	line   phone.Line
	codecs audio.Codecs
	does   behaviour
	log    *slog.Logger
	info   chan phone.LineInfo // the latest, for whoever links the line

	mu      sync.Mutex
	calls   map[phone.Leg]*partyCall
	dialing int
	wg      sync.WaitGroup
}

// partyCall is one call of a party. over ends when the leg is released.
type partyCall struct {
	line     *partyLine
	leg      phone.Leg
	from     phone.Party
	over     context.Context
	end      context.CancelCauseFunc
	accepted chan struct{} // closed when the other side answered
	begun    bool
	answered bool // owned by the call's goroutine
}

func newPartyLine(line phone.Line, codecs audio.Codecs, does behaviour, log *slog.Logger) *partyLine {
	return &partyLine{
		line: line, codecs: codecs, does: does, log: log,
		info: make(chan phone.LineInfo, 1), calls: map[phone.Leg]*partyCall{},
	}
}

// rerunAfter is how long a line that cannot work is left alone.
const rerunAfter = time.Second

// run keeps the line running until ctx ends and every call of it is over.
func (p *partyLine) run(ctx context.Context) {
	defer p.wg.Wait()
	for {
		if err := p.line.Run(ctx, func(e phone.LineEvent) { p.tell(ctx, e) }); err != nil {
			p.log.Warn("a party's line stopped", "error", err)
		}
		if !wait(ctx, rerunAfter) {
			return
		}
	}
}

// tell takes what the line says. It never waits.
func (p *partyLine) tell(ctx context.Context, e phone.LineEvent) {
	switch e := e.(type) {
	case phone.LineChanged:
		p.noteInfo(e.Info)
	case phone.OfferReceived:
		if e.Offer.Leg != nil {
			p.begin(ctx, e.Offer.Leg, e.Offer.From, p.does.ring)
		}
	case phone.LegAccepted:
		p.note(ctx, e.Leg, (*partyCall).noteAccepted)
	case phone.LegReleased:
		p.note(ctx, e.Leg, func(c *partyCall) { c.end(e.Cause) })
	}
}

// noteInfo replaces what nobody has looked at yet.
func (p *partyLine) noteInfo(i phone.LineInfo) {
	for {
		select {
		case p.info <- i:
			return
		default:
		}
		select {
		case <-p.info:
		default:
		}
	}
}

// note tells a call what happened to its leg. While a call is being placed the
// leg may speak before Dial has returned it.
func (p *partyLine) note(ctx context.Context, leg phone.Leg, happened func(*partyCall)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls[leg] != nil || p.dialing > 0 {
		happened(p.call(ctx, leg))
	}
}

// call finds or makes the record of a leg's call. mu is held.
func (p *partyLine) call(ctx context.Context, leg phone.Leg) *partyCall {
	c := p.calls[leg]
	if c == nil {
		c = &partyCall{line: p, leg: leg, accepted: make(chan struct{})}
		c.over, c.end = context.WithCancelCause(ctx)
		p.calls[leg] = c
	}
	return c
}

// begin starts what the party does with a call.
func (p *partyLine) begin(ctx context.Context, leg phone.Leg, from phone.Party, do func(context.Context, *partyCall)) {
	p.mu.Lock()
	c := p.call(ctx, leg)
	c.from, c.begun = from, true
	p.mu.Unlock()
	p.wg.Go(func() {
		do(c.over, c)
		<-c.over.Done()
		p.forget(func(other *partyCall) bool { return other == c })
		if p.does.after != nil {
			p.does.after(ctx, c)
		}
	})
}

// forget drops the calls that which names.
func (p *partyLine) forget(which func(*partyCall) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for leg, c := range p.calls {
		if which(c) {
			c.end(nil)
			delete(p.calls, leg)
		}
	}
}

func (c *partyCall) noteAccepted() {
	select {
	case <-c.accepted:
	default:
		close(c.accepted)
	}
}

// answer accepts the call.
func (c *partyCall) answer(ctx context.Context) bool {
	if err := c.leg.Answer(ctx); err != nil {
		c.line.log.Warn("a party could not answer", "error", err)
		return false
	}
	c.answered = true
	return true
}

func (c *partyCall) release(ctx context.Context, cause phone.Cause) {
	if err := c.leg.Release(ctx, cause); err != nil && !errors.Is(err, phone.ErrUnconfirmed) && ctx.Err() == nil {
		c.line.log.Warn("a party could not end its call", "cause", cause, "error", err)
	}
}

// talk carries sound until ctx ends or the call is over.
func (c *partyCall) talk(ctx context.Context, speak func(*audio.Session)) {
	stream := c.leg.Stream()
	session, err := c.session(stream)
	if err != nil {
		c.line.log.Warn("a party has no codec for the call", "error", err)
		c.release(ctx, phone.Incompatible)
		return
	}
	speak(session)
	if err := session.Run(ctx); err != nil {
		c.line.log.Warn("a party's sound stopped", "error", err)
	}
	if device := session.SetDevice(nil); device != nil {
		device.Close()
	}
}

func (c *partyCall) session(stream audio.Stream) (*audio.Session, error) {
	encoder, decoder, err := c.line.codecs(stream.Codec())
	if err != nil {
		return nil, err
	}
	return audio.NewSession(audio.SessionConfig{Stream: stream, Encoder: encoder, Decoder: decoder})
}

// dial places a call and does something once it is answered; it gives up
// after the given time of ringing.
func (p *partyLine) dial(ctx context.Context, to phone.Party, ring time.Duration, do func(context.Context, *partyCall)) {
	p.countDialing(1)
	leg, err := p.line.Dial(ctx, "party-"+rand.Text(), to, phone.DialOptions{})
	if err == nil {
		p.begin(ctx, leg, to, func(ctx context.Context, c *partyCall) { c.await(ctx, ring, do) })
	}
	p.countDialing(-1)
	if err != nil {
		p.log.Warn("a party could not place its call", "error", err)
	}
}

// countDialing counts calls being placed; after the last one, records of legs
// that came to nothing are dropped.
func (p *partyLine) countDialing(change int) {
	p.mu.Lock()
	p.dialing += change
	idle := p.dialing == 0
	p.mu.Unlock()
	if idle {
		p.forget(func(c *partyCall) bool { return !c.begun })
	}
}

// await lets a placed call ring.
func (c *partyCall) await(ctx context.Context, ring time.Duration, do func(context.Context, *partyCall)) {
	patience := time.NewTimer(ring)
	defer patience.Stop()
	select {
	case <-ctx.Done():
	case <-patience.C:
		c.release(ctx, phone.NoAnswer)
	case <-c.accepted:
		do(ctx, c)
	}
}
