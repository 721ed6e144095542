package phone

import (
	"context"
	"sync"

	"tring/audio"
)

// playNotice plays the notice tone to both sides and calls then, on the loop,
// when it is over; or cut, if something else is played before its end.
func (p *Phone) playNotice(c *live, then, cut func()) {
	if c.sound == nil {
		then()
		return
	}
	c.sound.session.Mix(p.tone(ToneNotice, c))
	p.playTo(c, p.tone(ToneNotice, c), false, then, cut)
}

// playTo plays a reader to the other side, in place of what was playing. On the
// loop it calls then when the reader has ended, or cut when something else took
// its place before; neither when the call ends first.
func (p *Phone) playTo(c *live, r audio.Reader, mix bool, then, cut func()) {
	e := &ending{Reader: r, over: make(chan struct{}), cut: cut}
	before := c.playing
	c.playing = e
	c.sound.session.Play(e, mix)
	p.task(c.ctx, func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			return nil
		case <-e.over:
		}
		return func() {
			if c.playing == e {
				c.playing = nil
				then()
			}
		}
	})
	before.replaced()
}

// stopPlaying ends what is played to the other side.
func (p *Phone) stopPlaying(c *live) {
	before := c.playing
	c.playing = nil
	c.sound.session.Play(nil, false)
	before.replaced()
}

// nothing is what follows from sounds that nobody waits for.
func nothing() {}

// ending is a reader that tells when it has ended.
type ending struct {
	audio.Reader
	once sync.Once
	over chan struct{}
	cut  func() // what follows when something else takes its place
}

func (e *ending) end() { e.once.Do(func() { close(e.over) }) }

// replaced ends a reader that is not played any more; nil is none.
func (e *ending) replaced() {
	if e != nil {
		e.end()
		e.cut()
	}
}

func (e *ending) Read(frame []int16) (int, error) {
	n, err := e.Reader.Read(frame)
	if err != nil {
		e.end()
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
			p.stopPlaying(c)
			reply(nil)
		default:
			p.playFile(c, file, nothing, nothing, reply)
		}
	})
}

// playFile opens a file away from the loop and plays it as playTo does.
func (p *Phone) playFile(c *live, file string, then, cut func(), reply func(error)) {
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
				p.playTo(c, r, true, then, cut)
				reply(nil)
			}
		}
	})
}
