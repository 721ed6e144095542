package phone

import (
	"context"
	"fmt"
)

// Finding is one thing that a checkup of a line looked at.
type Finding struct {
	What string `json:"what"`           // in a few words
	Note string `json:"note,omitempty"` // a figure or a name
	// Wrong is a sentence that says what is wrong and what to do; empty: it is
	// well.
	Wrong string `json:"wrong,omitempty"`
}

// Examiner is a line that can look at everything that must be right for its
// calls to work.
type Examiner interface {
	Checkup(ctx context.Context) []Finding
}

// Checkup looks at everything that must be right for a line's calls to work;
// ErrUnsupported on a line that has nothing to look at.
func (p *Phone) Checkup(ctx context.Context, line string) ([]Finding, error) {
	return ask(ctx, p, func(reply func([]Finding, error)) {
		t, err := p.lineOf(line)
		if err != nil {
			reply(nil, err)
			return
		}
		l, can := t.Line.(Examiner)
		if !can {
			reply(nil, fmt.Errorf("%s has nothing to look at: %w", t.info.Name, ErrUnsupported))
			return
		}
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			found := l.Checkup(ctx)
			return func() { reply(found, nil) }
		})
	})
}
