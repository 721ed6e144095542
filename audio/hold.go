package audio

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// hold replaces its source by a tone while on. The source is read all the
// same, so that meters move and buffers do not fill.
type hold struct {
	source Reader
	tone   Reader // nil: silence
	on     atomic.Bool
}

func (h *hold) Read(frame []int16) (int, error) {
	n, err := h.source.Read(frame)
	if !h.on.Load() {
		return n, err
	}
	n = 0
	if h.tone != nil {
		n, _ = h.tone.Read(frame)
	}
	clear(frame[n:])
	return len(frame), nil
}

func (h *hold) String() string {
	if h.on.Load() {
		return fmt.Sprint(h.source, " → hold")
	}
	return fmt.Sprint(h.source)
}

// player plays a file or a tone to the other side, instead of its source or on
// top of it.
type player struct {
	source Reader
	buffer [periodLen]int16

	mu  sync.Mutex
	now Reader
	mix bool
}

func (p *player) play(r Reader, mix bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now, p.mix = r, mix
}

func (p *player) Read(frame []int16) (int, error) {
	n, err := p.source.Read(frame)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil {
		return n, err
	}
	k, ended := p.now.Read(p.buffer[:min(len(frame), periodLen)])
	if ended != nil {
		p.now = nil
	}
	if !p.mix {
		clear(frame)
	}
	add(frame, p.buffer[:k])
	return len(frame), nil
}

func (p *player) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.now == nil:
		return fmt.Sprint(p.source)
	case p.mix:
		return fmt.Sprint(p.source, " + ", p.now)
	}
	return fmt.Sprint(p.now)
}
