package cloud

import (
	"context"
	"fmt"

	"tring/phone"
)

// Recover ends a call that a crashed run left open. One that comes in may ring
// still, which only reject ends.
func (l *Line) Recover(ctx context.Context, id string, _ phone.Party, incoming bool) error {
	err := l.graph.Terminate(ctx, id)
	if incoming {
		if rejected := l.graph.Reject(ctx, id); rejected == nil {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, err)
	}
	return nil
}
