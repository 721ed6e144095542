package phone

import (
	"context"
	"sync"

	"tring/audio"
)

// playNotice plays the notice tone to both sides and calls then, on the loop,
// when it is over.
func (p *Phone) playNotice(c *live, then func()) {
	if c.sound == nil {
		then()
		return
	}
	r := p.tone(ToneNotice, c)
	c.sound.session.Mix(p.tone(ToneNotice, c))
	p.playTo(c, r, false, then)
}

// playTo plays a reader to the other side and calls then, on the loop, when it
// has ended; never when the call ends first.
func (p *Phone) playTo(c *live, r audio.Reader, mix bool, then func()) {
	e := &ending{Reader: r, over: make(chan struct{})}
	c.sound.session.Play(e, mix)
	p.task(c.ctx, func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			return nil
		case <-e.over:
			return then
		}
	})
}

// ending is a reader that tells when it has ended.
type ending struct {
	audio.Reader
	once sync.Once
	over chan struct{}
}

func (e *ending) Read(frame []int16) (int, error) {
	n, err := e.Reader.Read(frame)
	if err != nil {
		e.once.Do(func() { close(e.over) })
	}
	return n, err
}

// Play plays a sound file to the other side, over the microphone; an empty
// name stops it.
func (p *Phone) Play(ctx context.Context, id, file string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickTalking(id)
		switch {
		case err != nil:
			reply(err)
		case c.sound == nil:
			reply(ErrNoSound)
		case file == "":
			c.sound.session.Play(nil, false)
			reply(nil)
		default:
			p.playFile(c, file, func() {}, reply)
		}
	})
}

// playFile opens a file away from the loop and plays it; then follows its end.
func (p *Phone) playFile(c *live, file string, then func(), reply func(error)) {
	codecs := p.cfg.Sound.Codecs
	p.task(c.ctx, func(context.Context) func() {
		r, err := audio.OpenFile(file, codecs)
		return func() {
			switch {
			case err != nil:
				reply(err)
			case c.State == Terminated:
				r.Close()
				reply(c.Cause)
			default:
				context.AfterFunc(c.ctx, func() { r.Close() })
				p.playTo(c, r, true, then)
				reply(nil)
			}
		}
	})
}
