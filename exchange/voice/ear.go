package voice

import (
	"errors"
	"sync"
	"time"

	"tring/audio"
)

// echoLimit bounds what an Ear keeps: more than a jitter buffer ever hands
// over at once.
const echoLimit = 400 * time.Millisecond

// Ear is a device without hardware whose microphone hears its own speaker: a
// party with an Ear sends back what it is told. Its clock is the machine's.
type Ear struct {
	mu     sync.Mutex
	kept   []int16 // ring
	at, n  int
	next   time.Time
	beat   *time.Timer
	closed chan struct{}
	once   sync.Once
}

// NewEar opens an ear.
func NewEar() *Ear {
	beat := time.NewTimer(time.Hour)
	return &Ear{kept: make([]int16, audio.DeviceRate.N(echoLimit)), beat: beat, closed: make(chan struct{})}
}

var errClosed = errors.New("the ear is closed")

// Read waits for the beat, then fills p with what was heard, or silence.
func (e *Ear) Read(p []int16) (int, error) {
	if err := e.wait(audio.DeviceRate.D(len(p))); err != nil {
		return 0, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(p)
	for i := range p[:min(len(p), e.n)] {
		p[i] = e.kept[e.at]
		e.at = (e.at + 1) % len(e.kept)
		e.n--
	}
	return len(p), nil
}

// wait keeps the beat; after a long stop it starts anew instead of hurrying.
func (e *Ear) wait(beat time.Duration) error {
	now := time.Now()
	if late := now.Sub(e.next); e.next.IsZero() || late > echoLimit {
		e.next = now
	}
	e.next = e.next.Add(beat)
	e.beat.Reset(e.next.Sub(now))
	select {
	case <-e.closed:
		return errClosed
	case <-e.beat.C:
		return nil
	}
}

// Write hears p; what nobody fetched is forgotten, the oldest first.
func (e *Ear) Write(p []int16) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, v := range p {
		if e.n == len(e.kept) {
			e.at, e.n = (e.at+1)%len(e.kept), e.n-1
		}
		e.kept[(e.at+e.n)%len(e.kept)] = v
		e.n++
	}
	return len(p), nil
}

// Queued is what was heard and not yet sent back, in samples. It is no speaker
// queue: nothing has to wait for it.
func (e *Ear) Queued() int { return 0 }

// Info says what this is.
func (e *Ear) Info() audio.DeviceInfo {
	return audio.DeviceInfo{Input: "its own ear", Output: "its own ear", HostAPI: "exchange"}
}

// Close ends the beat.
func (e *Ear) Close() error {
	e.once.Do(func() {
		close(e.closed)
		e.beat.Stop()
	})
	return nil
}

var _ audio.Device = (*Ear)(nil)
