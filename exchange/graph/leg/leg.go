package leg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"tring/audio"
)

// Options say how a relay behaves. The zero value is a strict one on loopback
// that writes descriptions as in live traffic.
type Options struct {
	Host   netip.Addr // to listen on; loopback if unset
	Family Family     // Live if empty
	// Setup is the DTLS role in answers: "active" (the default), "passive", or
	// "actpass", which a client has to read as passive.
	Setup string
	// Waived are the checks that are not made of the client's descriptions.
	Waived []Check
	// Deaf is how long the relay reads a description before it answers checks.
	Deaf time.Duration
	// LostHellos is how many first flights of DTLS get lost.
	LostHellos int
	// SpeaksFirst sends the customer's sound before the client's first packet
	// has come.
	SpeaksFirst bool
	// Lenient hears media that comes before the call is accepted, and takes the
	// call for accepted, as customers' apps do. Otherwise it is dropped.
	Lenient bool
	// Gap is a silence before the customer's first packet.
	Gap time.Duration
	// EndBits sends each digit's last packets with the end bit. Meta's relay is
	// said not to.
	EndBits bool
	Network Network
	Log     *slog.Logger
}

func (o Options) withDefaults() Options {
	if !o.Host.IsValid() {
		o.Host = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if o.Family == "" {
		o.Family = Live
	}
	if o.Setup == "" {
		o.Setup = "active"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Leg is the relay's end of one call. Its methods may be called from any
// goroutine.
type Leg struct {
	options   Options
	wire      *wire
	mux       interface{ Close() error }
	pc        *webrtc.PeerConnection
	out       *outlet
	line      *line
	sheet     Sheet
	connected chan struct{}
	linked    sync.Once
	ctx       context.Context // ends with Close
	stop      context.CancelFunc
	readers   sync.WaitGroup
	closing   sync.Once
	closed    error
	speaking  time.Time // when the customer's sound may flow; under wire.mu
}

// relayTypes are the payload types in the relay's offers.
const (
	opusType   = 111
	digitsType = 126
)

// NewOffer opens a leg for a call to the business, with an offer.
func NewOffer(o Options) (*Leg, error) {
	l, err := open(o)
	if err != nil {
		return nil, err
	}
	if err := l.offer(); err != nil {
		return nil, errors.Join(fmt.Errorf("make an offer: %w", err), l.Close())
	}
	return l, nil
}

// NewAnswer opens a leg for a call from the business, with an answer to its
// offer. A refused offer is a *Refusal.
func NewAnswer(o Options, offer string) (*Leg, error) {
	said, err := Lint(offer, Offer, "", o.Waived...)
	if err != nil {
		return nil, err
	}
	l, err := open(o)
	if err != nil {
		return nil, err
	}
	if err := l.answer(offer, said); err != nil {
		return nil, errors.Join(refuse(err), l.Close())
	}
	return l, nil
}

// refuse is what the WebRTC library could not take, as a refusal.
func refuse(err error) error {
	return &Refusal{Check: CheckSections, Code: codeDescription, Details: "SDP validation error: " + err.Error()}
}

// open makes a leg with its socket and peer connection.
func open(o Options) (*Leg, error) {
	o = o.withDefaults()
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(o.Host, 0)))
	if err != nil {
		return nil, fmt.Errorf("open the relay's socket: %w", err)
	}
	l := &Leg{options: o, out: newOutlet(), connected: make(chan struct{})}
	l.wire = &wire{PacketConn: socket, network: o.Network, opus: opusType, digits: digitsType}
	l.wire.guard.hellos, l.wire.guard.lenient = o.LostHellos, o.Lenient
	l.line = newLine(l)
	l.ctx, l.stop = context.WithCancel(context.Background())
	if err := l.connectPeer(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Description is the leg's offer or answer.
func (l *Leg) Description() string { return l.sheet.String() }

// Sheet is what Description says, for those who write it differently.
func (l *Leg) Sheet() Sheet { return l.sheet }

// Apply takes the client's answer to the leg's offer. A refused answer is a
// *Refusal. The relay answers connectivity checks from Options.Deaf later on.
func (l *Leg) Apply(answer string) error {
	said, err := Lint(answer, Answer, l.sheet.Mid, l.options.Waived...)
	if err != nil {
		return err
	}
	if said.Passive && !slices.Contains(l.options.Waived, CheckSetup) {
		return nil // both sides wait for the other's handshake
	}
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return refuse(err)
	}
	l.agree(said)
	l.listen()
	return nil
}

// agree keeps the payload types that both sides know.
func (l *Leg) agree(said Described) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.opus, l.wire.digits = said.Opus, said.Digits
	l.out.digits = digitsType // the relay sends digits whether they were agreed or not
	if said.Digits != 0 {
		l.out.digits = said.Digits
	}
}

// listen begins to answer, after the time that reading takes.
func (l *Leg) listen() {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.guard.listens = time.Now().Add(l.options.Deaf)
}

// Accept lets sound through, both ways. It may be called more than once.
func (l *Leg) Accept() {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	if l.wire.guard.opened.IsZero() {
		l.line.flush() // what a lenient relay heard too early
		l.wire.guard.opened = time.Now()
	}
}

// speaks says whether the customer's sound flows to the client: after the call
// was accepted and, usually, after the client spoke.
func (l *Leg) speaks() bool {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	g := &l.wire.guard
	if g.opened.IsZero() || g.first.IsZero() && !l.options.SpeaksFirst {
		return false
	}
	if l.speaking.IsZero() {
		l.speaking = time.Now().Add(l.options.Gap)
	}
	return !time.Now().Before(l.speaking)
}

// Customer is the customer's end.
func (l *Leg) Customer() audio.Stream { return l.line }

// Connected is closed when the path to the client stands.
func (l *Leg) Connected() <-chan struct{} { return l.connected }

// SetNetwork changes what goes wrong on the way.
func (l *Leg) SetNetwork(n Network) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.network = n
}

// Close ends the leg and waits for it.
func (l *Leg) Close() error {
	l.closing.Do(func() {
		l.stop()
		l.line.close()
		var errs []error
		if l.pc != nil {
			errs = append(errs, l.pc.GracefulClose())
		}
		if l.mux != nil {
			errs = append(errs, l.mux.Close())
		}
		if err := l.wire.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
		l.readers.Wait()
		l.closed = errors.Join(errs...)
	})
	return l.closed
}
