package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/logging"
	"github.com/pion/sctp"
)

// leg is one address of a phone on one relay: the checks, DTLS, SCTP and the
// channel that run over it, and what it has proved so far. Times are
// nanoseconds since the cluster's start; zero means never.
type leg struct {
	relay   *Relay
	remote  netip.AddrPort
	log     *slog.Logger
	pipe    *pipe
	routing [8]byte // tells this leg from others in the phone's log
	started bool    // DTLS has begun; guarded by relay.mu

	seat      atomic.Pointer[seat]
	stream    atomic.Pointer[sctp.Stream] // on which the phone spoke last
	heard     atomic.Int64
	proved    atomic.Int64
	media     atomic.Int64
	allocated atomic.Int64
	up, down  lane

	mu      sync.Mutex
	conn    io.Closer // DTLS, once it exists
	consent consent
	closed  bool
}

func makeLeg(r *Relay, remote netip.AddrPort) *leg {
	l := &leg{relay: r, remote: remote, log: r.log.With("leg", remote.String())}
	l.pipe = newPipe(l)
	rand.Read(l.routing[:])
	l.hear()
	l.prove()
	return l
}

func (l *leg) hear()  { l.heard.Store(int64(l.relay.cluster.now())) }
func (l *leg) prove() { l.proved.Store(int64(l.relay.cluster.now())) }

// proveUnlessStrict takes a check or a registration as proof of consent.
func (l *leg) proveUnlessStrict() {
	if !l.relay.cluster.options.StrictConsent {
		l.prove()
	}
}

// claim gives the leg a seat; a leg has one seat for life.
func (l *leg) claim(s *seat) bool {
	return l.seat.CompareAndSwap(nil, s) || l.seat.Load() == s
}

// arrive takes a DTLS record off the wire.
func (l *leg) arrive(b []byte) {
	if p := l.relay.pathTo(l); p != nil && !p.Up.perfect() {
		l.relay.travel(l, true, b, p.Up, &l.up, l.push)
		return
	}
	l.push(b)
}

func (l *leg) push(b []byte) {
	l.hear()
	// What does not fit is lost, as on any full queue.
	_, _ = l.pipe.queue.Write(b)
}

// transmit puts a datagram on the wire to the phone.
func (l *leg) transmit(b []byte) {
	if p := l.relay.pathTo(l); p != nil && !p.Down.perfect() {
		l.relay.travel(l, false, b, p.Down, &l.down, func(b []byte) { l.relay.transmit(b, l.remote) })
		return
	}
	l.relay.transmit(b, l.remote)
}

// quiet keeps pion's log off the terminal; the relay logs what matters itself.
var quiet = &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}

// run is the life of a leg from its first DTLS record to its end.
func (l *leg) run() {
	defer l.end()
	association, err := l.handshake()
	if err != nil {
		l.relay.refuse(handshakesFailed, "a phone did not finish its handshake", "error", err)
		return
	}
	l.relay.add(handshakes, 1)
	defer association.Close()
	for opened := 0; ; opened++ {
		stream, err := association.AcceptStream()
		if err != nil {
			return
		}
		if opened >= maxStreams {
			l.relay.refuse(malformed, "a phone opened too many streams")
			stream.Close()
			continue
		}
		stream.SetReliabilityParams(true, sctp.ReliabilityTypeRexmit, 0)
		l.relay.cluster.wg.Go(func() { l.listen(stream) })
	}
}

// maxStreams bounds the streams that a phone may speak on; one is normal.
const maxStreams = 4

// handshake runs DTLS and SCTP as the server of both.
func (l *leg) handshake() (*sctp.Association, error) {
	limit := l.relay.cluster.options.Timers.Handshake
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	conn, err := l.secure(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	return sctp.ServerWithOptions(
		sctp.WithNetConn(watched{conn, &l.relay.counters}),
		sctp.WithLoggerFactory(quiet),
		sctp.WithMaxMessageSize(maxMessage),
	)
}

// secure runs DTLS. Protection profiles are offered because phones built on a
// peer connection insist on one; the media's own keys are never taken from it.
func (l *leg) secure(ctx context.Context) (*dtls.Conn, error) {
	conn, err := dtls.ServerWithOptions(l.pipe, l.pipe.remote,
		dtls.WithCertificates(l.relay.cluster.options.Certificate),
		dtls.WithClientAuth(dtls.RequestClientCert),
		dtls.WithInsecureSkipVerify(true),
		dtls.WithSRTPProtectionProfiles(
			dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithLoggerFactory(quiet),
	)
	if err != nil {
		return nil, err
	}
	if !l.adopt(conn) {
		conn.Close()
		return nil, errors.New("the leg was closed meanwhile")
	}
	return conn, conn.HandshakeContext(ctx)
}

func (l *leg) adopt(conn io.Closer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	return !l.closed
}

// maxMessage bounds one message of the channel in bytes; a protocol packet has
// at most 1500.
const maxMessage = 4096

// listen handles what arrives on one stream until it ends.
func (l *leg) listen(stream *sctp.Stream) {
	buf := make([]byte, maxMessage)
	for {
		n, ppid, err := stream.ReadSCTP(buf)
		if errors.Is(err, io.ErrShortBuffer) {
			l.relay.refuse(malformed, "a message is longer than any packet")
			continue
		}
		if err != nil {
			return
		}
		l.receive(stream, ppid, buf[:n])
	}
}

// end forgets the leg and what it held.
func (l *leg) end() {
	l.close("the phone hung up")
	l.relay.forget(l)
}

// close hangs up; DTLS says goodbye. It may be called any number of times.
func (l *leg) close(why string) {
	l.mu.Lock()
	conn, first := l.conn, !l.closed
	l.closed = true
	l.mu.Unlock()
	if !first {
		return
	}
	l.log.Debug("a leg ends", "why", why)
	l.lapse()
	if conn != nil {
		conn.Close()
	}
	l.pipe.Close()
	l.relay.forget(l)
}

// lapse forgets the leg's registration; the connection stays.
func (l *leg) lapse() bool {
	if l.allocated.Swap(0) == 0 {
		return false
	}
	l.media.Store(0)
	if s := l.seat.Load(); s != nil {
		s.leave(l)
	}
	return true
}

// sweep ends what the leg's silence has cost it and asks for consent.
func (l *leg) sweep(now time.Duration) {
	timers := l.relay.cluster.options.Timers
	if s := l.seat.Load(); s != nil && s.over(now, timers.Linger) {
		l.close("the call is over")
		return
	}
	switch timers.judge(now, time.Duration(l.heard.Load()), time.Duration(l.proved.Load())) {
	case unproven:
		l.relay.add(consentsLost, 1)
		l.close("the phone stopped proving itself")
	case lapsed:
		if l.lapse() {
			l.relay.add(leasesExpired, 1)
		}
	case inLease:
		l.askConsent(now, timers.Consent)
	}
}

func (s *seat) over(now, linger time.Duration) bool {
	s.call.mu.Lock()
	defer s.call.mu.Unlock()
	return s.call.released != 0 && now-s.call.released > linger
}
