package phone

import (
	"errors"
	"fmt"
)

// trunk is a line as the phone keeps it: with what it last said of itself.
type trunk struct {
	Line
	info   LineInfo
	early  map[string][]LineEvent // events of legs that Dial has not returned yet
	dials  int                    // how many Dials are under way
	wake   chan struct{}          // cuts a wait for the next try short
	pairer Pairer                 // the linking attempt in progress, or nil
}

func newTrunk(l Line) *trunk {
	return &trunk{Line: l, info: l.Info(), early: map[string][]LineEvent{}, wake: make(chan struct{}, 1)}
}

// told is a line's event on its way to the loop.
type told struct {
	line  *trunk
	event LineEvent
}

// lineOf finds the line to use: by name, or the first that is ready.
func (p *Phone) lineOf(name string) (*trunk, error) {
	var first *trunk
	for _, t := range p.lines {
		switch {
		case name != "" && t.info.Name == name:
			return t, nil
		case name == "" && t.info.Status == LineReady:
			return t, nil
		case first == nil:
			first = t
		}
	}
	switch {
	case name != "":
		return nil, fmt.Errorf("there is no line %q: %w", name, ErrNoLine)
	case first == nil:
		return nil, fmt.Errorf("no line is configured: %w", ErrNoLine)
	}
	return first, nil
}

// usable says why a line cannot place a call now, or nil.
func (t *trunk) usable() error {
	switch t.info.Status {
	case LineReady:
		return nil
	case LineUnlinked, LineLoggedOut:
		return fmt.Errorf("%s: %w", t.info.Name, errors.Join(ErrNotLinked, LineDown))
	}
	detail := t.info.Detail
	if detail == "" {
		detail = t.info.Status.String()
	}
	return fmt.Errorf("%s is not ready (%s): %w", t.info.Name, detail, LineDown)
}

func (p *Phone) lineChanged(t *trunk, info LineInfo) {
	was := t.info.Status
	t.info = info
	e := Event{Kind: EventLine, Line: info.Name, Info: &info}
	p.emit(e)
	p.locked(e)
	if was != LineReady && info.Status == LineReady {
		t.calm()
		p.recoverCalls(t)
		p.contactsChanged()
	}
}

func (p *Phone) callsOn(t *trunk) []*live {
	var on []*live
	for _, c := range p.calls {
		if c.line == t {
			on = append(on, c)
		}
	}
	return on
}
