package phone

import (
	"context"
	"fmt"
)

// Inspect says whether a line may place calls, nil if it may. The empty name
// is the first line that is ready.
func (p *Phone) Inspect(ctx context.Context, line string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		t, err := p.lineOf(line)
		if err != nil {
			reply(err)
			return
		}
		i, can := t.Line.(Inspector)
		if !can {
			reply(fmt.Errorf("%s cannot say whether it may call: %w", t.info.Name, ErrUnsupported))
			return
		}
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			err := i.CallingEnabled(ctx)
			return func() { reply(err) }
		})
	})
}
