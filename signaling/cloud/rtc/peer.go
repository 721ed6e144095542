package rtc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"tring/audio"
	"tring/signaling/cloud/sdp"
)

// Options say how the path is found.
type Options struct {
	STUN     []string // URLs; none sends host candidates only
	Loopback bool     // use the loopback interface too
	PortMin  uint16   // range of local UDP ports; zero is any
	PortMax  uint16
	Quiet    time.Duration // without a packet until Quiet is told
	Dead     time.Duration // without a packet until Lost is told
}

// Event is what the peer tells of the path.
type Event struct {
	Kind  Kind
	Digit rune // of Digit
}

// Kind is what happened on the path.
type Kind int

// A path stands, is heard, falls quiet and comes back, or is lost for good.
const (
	Linked Kind = iota // ICE and DTLS are done
	Heard              // the first sound after Start
	Digit              // a keypad digit
	Quiet              // no packet for Options.Quiet
	Back               // packets again
	Lost               // the path failed, or no packet for Options.Dead
)

// Peer is the sound of one call. It is cheap until Offer or Answer is called.
type Peer struct {
	options Options
	tell    func(Event)
	track   track
	inbox   *inbox

	open atomic.Bool // our sound may leave
	ear  atomic.Bool // theirs may come in
	done chan struct{}
	once sync.Once
	// standing is closed when the path stands for the first time.
	standing chan struct{}
	stands   sync.Once

	mu      sync.Mutex
	pc      *webrtc.PeerConnection
	applied bool // Meta's answer was applied
	work    sync.WaitGroup

	began      time.Time    // the clock below runs from here, whatever the wall clock does
	lastHeard  atomic.Int64 // nanoseconds of the last packet that came
	lastSent   atomic.Int64
	heard      atomic.Bool
	tracks     atomic.Int32
	remoteLoss atomic.Uint32 // 256ths
	count      counts
	dialling   sync.Mutex // one row of digits at a time
}

// ErrClosed says that the call is over.
var ErrClosed = errors.New("the call's sound has ended")

// New makes a peer. tell must not block.
func New(o Options, tell func(Event)) *Peer {
	p := &Peer{options: o, tell: tell, inbox: newInbox(), done: make(chan struct{}), standing: make(chan struct{}), began: time.Now()}
	p.track.header.SequenceNumber = uint16(rand.Uint32()) // RFC 3550 section 5.1
	p.track.header.Timestamp = rand.Uint32()
	return p
}

// Answer makes our answer to Meta's offer. The text is final: accept must
// carry the same bytes as pre_accept.
func (p *Peer) Answer(ctx context.Context, offer sdp.Remote) (string, error) {
	pc, err := p.begin()
	if err != nil {
		return "", err
	}
	remote := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp.WithoutSources(offer.Text)}
	if err := pc.SetRemoteDescription(remote); err != nil {
		return "", fmt.Errorf("Meta's offer cannot be used: %w", err)
	}
	own, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("no answer to Meta's offer: %w", err)
	}
	return p.describe(ctx, pc, own, sdp.Answer, offer.Mid)
}

// Offer makes our offer.
func (p *Peer) Offer(ctx context.Context) (string, error) {
	pc, err := p.begin()
	if err != nil {
		return "", err
	}
	own, err := pc.CreateOffer(nil)
	if err != nil {
		return "", fmt.Errorf("no offer could be made: %w", err)
	}
	return p.describe(ctx, pc, own, sdp.Offer, "")
}

// Apply takes Meta's answer to our offer; once, as webhooks come twice.
func (p *Peer) Apply(answer sdp.Remote) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pc == nil {
		return ErrClosed
	}
	if p.applied {
		return nil
	}
	p.applied = true
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp.WithoutSources(answer.Text)})
	if err != nil {
		return fmt.Errorf("Meta's answer cannot be used: %w", err)
	}
	return nil
}

// begin makes the peer connection with our voice in it: a track added later
// would be answered with recvonly.
func (p *Peer) begin() (*webrtc.PeerConnection, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed() || p.pc != nil {
		return nil, ErrClosed
	}
	pc, err := p.newPeerConnection()
	if err != nil {
		return nil, fmt.Errorf("no peer connection: %w", err)
	}
	sender, err := pc.AddTrack(&p.track)
	if err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	p.pc = pc
	pc.OnConnectionStateChange(p.changed)
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.listen(t, r) })
	p.work.Go(func() { p.readReports(sender.ReadRTCP) })
	p.work.Go(p.watch)
	return pc, nil
}

// describe makes a description ours, waits for our addresses and checks that
// Meta will take it.
func (p *Peer) describe(ctx context.Context, pc *webrtc.PeerConnection, own webrtc.SessionDescription, role sdp.Role, mid string) (string, error) {
	done := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(own); err != nil {
		return "", fmt.Errorf("our own %s was refused: %w", role, err)
	}
	if err := gathered(ctx, done); err != nil {
		return "", err
	}
	text := pc.LocalDescription().SDP
	if err := sdp.CheckOwn(text, role, mid); err != nil {
		return "", fmt.Errorf("our own %s is not as Meta wants it: %w", role, err)
	}
	return text, nil
}

func (p *Peer) changed(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		p.touch()
		p.stands.Do(func() { close(p.standing) })
		p.tell(Event{Kind: Linked})
	case webrtc.PeerConnectionStateFailed:
		p.tell(Event{Kind: Lost})
	}
}

// Listen lets the relay's sound in before ours may leave: Meta may connect the
// customer before we learn that it did, and their first words would be lost.
func (p *Peer) Listen() { p.ear.Store(true) }

// Start opens the gate: sound may pass, both ways. The relay may wait for our first
// packet, so one leaves at once.
func (p *Peer) Start() {
	if p.closed() || p.open.Swap(true) {
		return
	}
	p.Listen()
	p.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pc != nil && !p.closed() {
		p.work.Go(p.beat)
	}
}

// Close ends the sound; readers get io.EOF. It does not end the call: only
// Graph's terminate does.
func (p *Peer) Close() error {
	p.once.Do(func() { close(p.done) })
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	if pc == nil {
		return nil
	}
	err := pc.Close()
	p.work.Wait()
	return err
}

func (p *Peer) closed() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// touch notes that the relay was heard.
func (p *Peer) touch() { p.lastHeard.Store(int64(time.Since(p.began))) }

// since is how long ago a note of the peer's own clock was taken.
func (p *Peer) since(note *atomic.Int64) time.Duration {
	return time.Since(p.began) - time.Duration(note.Load())
}

// Codec is Opus as WebRTC packs it.
func (p *Peer) Codec() audio.Codec { return audio.OpusWebRTC }

var _ audio.Stream = (*Peer)(nil)
