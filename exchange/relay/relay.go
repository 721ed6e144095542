package relay

import (
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// Relay is one UDP socket that phones meet on.
type Relay struct {
	cluster *Cluster
	index   int
	name    string
	addr    netip.AddrPort
	log     *slog.Logger
	frozen  atomic.Bool
	counters
	late   *delayLine
	naming *rate.Limiter // of refusals in the log

	mu        sync.Mutex
	socket    *net.UDPConn // nil while killed
	legs      map[netip.AddrPort]*leg
	tokens    map[string]*seat
	usernames map[string]*seat
}

// maxLegs bounds the addresses that a relay remembers.
const maxLegs = 4096

// namedPerSecond bounds the refusals that one relay writes into the log.
const namedPerSecond = 10

// receiveBuffer is the kernel's queue of one relay in bytes.
const receiveBuffer = 1 << 20

func openRelay(c *Cluster, index int, addr netip.AddrPort) (*Relay, error) {
	name := fmt.Sprintf("lop%dc01", index+1)
	r := &Relay{
		cluster: c, index: index, name: name, addr: addr,
		log:  c.options.Log.With("relay", name),
		late: newDelayLine(c.now), naming: rate.NewLimiter(namedPerSecond, namedPerSecond),
		legs: map[netip.AddrPort]*leg{}, tokens: map[string]*seat{}, usernames: map[string]*seat{},
	}
	if err := r.listen(); err != nil {
		return nil, err
	}
	r.addr = unmapped(r.socket.LocalAddr().(*net.UDPAddr).AddrPort())
	c.wg.Go(func() { r.late.run(c.done, r.deliverLate) })
	return r, nil
}

// listen opens the socket on the relay's address and starts reading it.
func (r *Relay) listen() error {
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(r.addr))
	if err != nil {
		return fmt.Errorf("open relay %s: %w", r.name, err)
	}
	// A smaller queue than asked for only loses packets earlier under load.
	_ = socket.SetReadBuffer(receiveBuffer)
	r.mu.Lock()
	r.socket = socket
	r.mu.Unlock()
	r.cluster.wg.Go(func() { r.read(socket) })
	return nil
}

func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// kill closes the socket, as a relay that lost its machine, and forgets every leg.
func (r *Relay) kill() {
	r.mu.Lock()
	socket := r.socket
	r.socket = nil
	legs := slices.Collect(maps.Values(r.legs))
	r.mu.Unlock()
	for _, l := range legs {
		l.close("the relay was stopped")
	}
	if socket != nil {
		socket.Close()
	}
}

// read takes datagrams until the socket is closed. It allocates nothing.
func (r *Relay) read(socket *net.UDPConn) {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := socket.ReadFromUDPAddrPort(buf)
		if err != nil && r.closed(socket) {
			return
		}
		if err != nil || n == 0 {
			continue
		}
		r.add(datagramsIn, 1)
		r.add(bytesIn, n)
		if !r.frozen.Load() {
			r.receive(buf[:n], unmapped(from))
		}
	}
}

func (r *Relay) alive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.socket != nil
}

func (r *Relay) closed(socket *net.UDPConn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.socket != socket
}

// receive tells apart what shares a socket (RFC 7983).
func (r *Relay) receive(b []byte, from netip.AddrPort) {
	switch {
	case b[0] < 4:
		r.check(b, from)
	case b[0] >= 20 && b[0] < 64:
		if l := r.legFor(b, from); l != nil {
			l.arrive(b)
		}
	default:
		r.refuse(malformed, "a datagram is neither STUN nor DTLS")
	}
}

// refuse counts and names what is not accepted; a flood is only counted.
func (r *Relay) refuse(what counter, why string, args ...any) {
	r.add(what, 1)
	if r.naming.Allow() {
		r.log.Warn("refused: "+why, args...)
	}
}

// legFor is the leg of an address; a DTLS handshake record opens a new one.
func (r *Relay) legFor(record []byte, from netip.AddrPort) *leg {
	const handshakeRecord = 22
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.legs[from]
	if l == nil {
		l = r.newLeg(from)
	}
	if l == nil || l.started {
		return l
	}
	if record[0] != handshakeRecord {
		r.refuse(malformed, "a DTLS connection does not begin with a handshake")
		return nil
	}
	l.started = true
	r.cluster.wg.Go(l.run)
	return l
}

// newLeg remembers an address, unless the relay is full or killed. mu is held.
func (r *Relay) newLeg(from netip.AddrPort) *leg {
	if len(r.legs) >= maxLegs || r.socket == nil {
		return nil
	}
	l := makeLeg(r, from)
	r.legs[from] = l
	return l
}

// forget removes a leg, unless its address belongs to a newer one.
func (r *Relay) forget(l *leg) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.legs[l.remote] == l {
		delete(r.legs, l.remote)
		r.add(legsClosed, 1)
	}
}

func (r *Relay) allLegs() []*leg {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.legs))
}

// transmit puts a datagram on the wire, unless the relay is frozen or killed.
func (r *Relay) transmit(b []byte, to netip.AddrPort) {
	r.mu.Lock()
	socket := r.socket
	r.mu.Unlock()
	if socket == nil || r.frozen.Load() {
		return
	}
	r.add(datagramsOut, 1)
	r.add(bytesOut, len(b))
	// A datagram that the kernel refuses is a lost datagram.
	_, _ = socket.WriteToUDPAddrPort(b, to)
}
