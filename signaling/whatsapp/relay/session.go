package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"tring/audio"
	"tring/signaling/whatsapp/e2e"
)

// ErrLost says that the media are gone: no relay takes us, or none answered for
// GiveUp.
var ErrLost = errors.New("no relay of the call can be reached any more")

var errMoved = errors.New("the network of this machine has changed")

// Session is the media of one call: all its legs, its keys and its stream. It
// is the call's audio.Stream. Methods may be called from any goroutine, except
// that one reads and one writes packets at a time.
type Session struct {
	config  Config
	options Options
	log     *slog.Logger
	ours    [e2e.Slots]uint32 // our own streams
	inbox   *inbox
	events  chan Event
	nudge   chan struct{}
	ended   chan struct{}      // closed when no packet will come any more
	cancel  context.CancelFunc // ends the session
	hangUp  context.CancelFunc // ends all legs
	tasks   sync.WaitGroup

	mu       sync.Mutex // guards what follows, and the legs
	block    Block
	legs     []*leg
	election election
	out      *e2e.Outbound
	peer     string       // the device that is listened to
	in       *e2e.Inbound // nil while the answering device is not known
	suitors  []*suitor    // devices that may have answered
	heard    e2e.Reception
	held     hold
	started  bool // StartMedia was called
	life     life
	pending  []Event
	reported []Endpoint // relays whose LegOpen was told
	counters counters
	onceLost sync.Once
}

var _ audio.Stream = (*Session)(nil)

// Open starts to open legs to all relays of the block and returns at once;
// what follows comes as Events. The session ends with Close or with ctx. An
// error is a sentence that says what the block or the options lack.
func Open(ctx context.Context, c Config) (*Session, error) {
	s, err := newSession(c)
	if err != nil {
		return nil, err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	legs, hangUp := context.WithCancel(ctx)
	s.hangUp = hangUp
	s.log.Debug("opening relay legs", "session", c.Block.UUID, "relays", len(c.Block.usable()), "transport", s.options.Transport)
	s.tasks.Go(func() { s.run(ctx, legs) })
	return s, nil
}

func newSession(c Config) (*Session, error) {
	options, err := c.Options.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := c.Block.Check(); err != nil {
		return nil, err
	}
	if c.Codec == (audio.Codec{}) {
		c.Codec = audio.OpusRelay
	}
	if c.Codec.Frame <= 0 || c.Codec.ClockRate <= 0 {
		return nil, fmt.Errorf("the codec %q has no frame or no clock; use audio.OpusRelay", c.Codec.Name)
	}
	s := &Session{
		config: c, options: options, log: c.Log, block: c.Block,
		election: newElection(c.Caller),
		ours:     e2e.SSRCs(c.CallID, e2e.ParticipantID(c.Own)),
		inbox:    newInbox(), events: make(chan Event), nudge: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.heard.Rate = c.Codec.ClockRate
	if s.out, err = s.newOutbound(); err != nil {
		return nil, err
	}
	if c.Peer != "" {
		err = s.listenTo(e2e.ParticipantID(c.Peer))
	} else {
		s.suitors, err = s.findSuitors()
	}
	return s, err
}

// StartMedia lets sound flow both ways: ours from now on, comfort noise until
// somebody writes packets, because a relay passes nothing on to a pure
// listener. A caller starts when it has the relay block, a callee when it
// answers.
func (s *Session) StartMedia() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started {
		return
	}
	now := time.Now()
	s.started, s.life.clock = true, now
	if !s.config.Caller {
		s.life.expected = now
	}
	s.fillGap(now)
}

// Update brings in a newer relay block: legs to relays that it adds are opened,
// those to relays that it lacks stay until the call ends.
func (s *Session) Update(newer Block) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.block = s.block.Merge(newer)
	s.wake()
}

// Redial opens every leg anew, after this machine's network has changed. Keys
// and numbering go on.
func (s *Session) Redial() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redial(errMoved)
}

// Events tells what happened, in order. It is closed after Close; until then
// somebody should read it, but nothing waits for that.
func (s *Session) Events() <-chan Event { return s.events }

// Codec implements audio.Stream.
func (s *Session) Codec() audio.Codec { return s.config.Codec }

// ReadPacket implements audio.Stream.
func (s *Session) ReadPacket(p *audio.Packet) error {
	select {
	case got := <-s.inbox.full:
		s.inbox.take(got, p)
		return nil
	case <-s.ended:
		return io.EOF
	}
}

// Close says goodbye to the relays, waits at most a moment for them, and
// leaves nothing behind.
func (s *Session) Close() error {
	s.cancel()
	s.tasks.Wait()
	return nil
}
