package phone

import (
	"context"
	"time"
)

// turnTime is how long one thing that is told to the other side may hold up
// the next: longer than maxSend keys sound.
const turnTime = 30 * time.Second

// inTurn does something with a call's leg, away from the loop, once what was
// asked for before is done: keys and mutes mean something in their order only.
func (p *Phone) inTurn(c *live, work func(context.Context) (then func())) {
	c.turns = append(c.turns, work)
	if len(c.turns) == 1 {
		p.nextTurn(c)
	}
}

func (p *Phone) nextTurn(c *live) {
	work := c.turns[0]
	p.task(c.ctx, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, turnTime)
		defer cancel()
		then := work(ctx)
		return func() {
			if then != nil {
				then()
			}
			if c.turns = c.turns[1:]; len(c.turns) > 0 {
				p.nextTurn(c)
			}
		}
	})
}
