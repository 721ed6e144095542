package relay

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// MaxRelays bounds the relays of a cluster.
const MaxRelays = 8

// Options says what a cluster is made of. The zero value opens one relay on
// the loopback interface.
type Options struct {
	Listen      netip.Addr      // address of every relay's socket, 127.0.0.1 if unset
	Relays      int             // 1..MaxRelays, 1 if zero
	Certificate tls.Certificate // shown by every relay; made new if empty
	Timers      Timers
	// FNA marks the first relay as the in-network appliance.
	FNA bool
	// OnlyToSpeakers forwards only to a leg that has itself sent media; else a
	// registration is enough. Reports of the real relays disagree on this.
	OnlyToSpeakers bool
	// StrictConsent takes nothing but answers to the relay's own consent
	// requests as proof, and closes a leg after three unanswered ones.
	StrictConsent bool
	// Abandoned is told once per call whose side was bound and then proved
	// itself on no relay for Timers.Proof.
	Abandoned func(callID string, side Side)
	Log       *slog.Logger // what is refused and why; nil is silent
}

// Cluster is the relays of one exchange and the calls that may use them.
type Cluster struct {
	options Options
	start   time.Time
	relays  []*Relay
	void    *Relay // swallows everything, for calls whose relays never answer
	all     atomic.Pointer[Paths]

	mu     sync.Mutex
	calls  map[string]*call
	closed bool

	done chan struct{}
	wg   sync.WaitGroup
}

// Open opens the sockets of a cluster.
func Open(o Options) (*Cluster, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Cluster{options: o, start: time.Now(), calls: map[string]*call{}, done: make(chan struct{})}
	for i := range o.Relays + 1 {
		r, err := openRelay(c, i, netip.AddrPortFrom(o.Listen, 0))
		if err != nil {
			c.Close()
			return nil, err
		}
		c.relays = append(c.relays, r)
	}
	c.void, c.relays = c.relays[o.Relays], c.relays[:o.Relays]
	c.void.frozen.Store(true)
	c.wg.Go(c.sweep)
	return c, nil
}

func (o Options) withDefaults() (Options, error) {
	if !o.Listen.IsValid() {
		o.Listen = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if o.Relays == 0 {
		o.Relays = 1
	}
	if o.Relays < 0 || o.Relays > MaxRelays {
		return o, fmt.Errorf("an exchange has 1 to %d relays, not %d", MaxRelays, o.Relays)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Timers = o.Timers.withDefaults()
	if len(o.Certificate.Certificate) > 0 {
		return o, nil
	}
	var err error
	o.Certificate, err = NewCertificate()
	return o, err
}

// now is the time since the cluster started, never zero.
func (c *Cluster) now() time.Duration { return time.Since(c.start) + 1 }

// Fingerprint is the SHA-256 of the certificate that every relay shows.
func (c *Cluster) Fingerprint() string { return Fingerprint(c.options.Certificate) }

// Addresses are where the relays listen.
func (c *Cluster) Addresses() []netip.AddrPort {
	out := make([]netip.AddrPort, len(c.relays))
	for i, r := range c.relays {
		out[i] = r.addr
	}
	return out
}

// ErrCallExists says that a call id already has a grant.
var ErrCallExists = errors.New("this call already has a relay grant")

// maxCalls bounds the calls that hold grants at once.
const maxCalls = 4096

// Allocate makes the credentials of a new call. With silent, the endpoints
// point at a socket that never answers.
func (c *Cluster) Allocate(callID string, silent bool) (*Grant, error) {
	return c.allocate(callID, func(_ int, own netip.AddrPort) netip.AddrPort {
		if silent {
			return c.void.addr
		}
		return own
	})
}

// AllocateAt is Allocate with relays that advertise port and those after it,
// and serve on their own, as real ones advertise 3478 and serve on 3480 too.
func (c *Cluster) AllocateAt(callID string, port uint16) (*Grant, error) {
	return c.allocate(callID, func(relay int, own netip.AddrPort) netip.AddrPort {
		return netip.AddrPortFrom(own.Addr(), port+uint16(relay))
	})
}

// allocate grants a call the relays under the addresses that advertised says.
func (c *Cluster) allocate(callID string, advertised func(relay int, own netip.AddrPort) netip.AddrPort) (*Grant, error) {
	g := newGrant()
	k := &call{id: callID, key: []byte(g.KeyText()), moved: [2]int{-1, -1}}
	for i, r := range c.relays {
		for side := range k.seats {
			e := newEndpoint(Side(side), i, r.name, advertised(i, r.addr))
			e.FNA = c.options.FNA && i == 0
			g.Endpoints[side] = append(g.Endpoints[side], e)
			k.seats[side] = append(k.seats[side], &seat{call: k, side: Side(side), relay: r, endpoint: e})
		}
	}
	return g, c.admit(k)
}

func (c *Cluster) admit(k *call) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken := c.calls[k.id]; taken {
		return fmt.Errorf("call %s: %w", k.id, ErrCallExists)
	}
	if len(c.calls) >= maxCalls {
		return fmt.Errorf("the relays hold %d calls and take no more", maxCalls)
	}
	c.calls[k.id] = k
	for _, seats := range k.seats {
		for _, s := range seats {
			s.relay.admit(s)
		}
	}
	return nil
}

// Release ends a call's use of the relays: nothing is forwarded any more and
// what is still connected after Timers.Linger is hung up.
func (c *Cluster) Release(callID string) {
	c.mu.Lock()
	k := c.calls[callID]
	c.mu.Unlock()
	if k == nil {
		return
	}
	for _, seats := range k.seats {
		for _, s := range seats {
			s.relay.dismiss(s)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.released == 0 {
		k.released = c.now()
	}
}

func (c *Cluster) call(id string) (*call, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.calls[id]; ok {
		return k, nil
	}
	return nil, fmt.Errorf("the relays know no call %q", id)
}

// sweepPeriod is how often leases and consent are looked at.
const sweepPeriod = 200 * time.Millisecond

func (c *Cluster) sweep() {
	tick := time.NewTicker(sweepPeriod)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
			c.sweepOnce(c.now())
		}
	}
}

func (c *Cluster) sweepOnce(now time.Duration) {
	for _, r := range c.relays {
		for _, l := range r.allLegs() {
			l.sweep(now)
		}
	}
	c.mu.Lock()
	calls := slices.Collect(maps.Values(c.calls))
	c.mu.Unlock()
	for _, k := range calls {
		c.sweepCall(k, now)
	}
}

func (c *Cluster) sweepCall(k *call, now time.Duration) {
	if side, yes := k.abandoned(now, c.options.Timers.Proof); yes {
		c.options.Log.Warn("a side of the call proves itself on no relay", "call", k.id, "side", side.String())
		if c.options.Abandoned != nil {
			c.options.Abandoned(k.id, side)
		}
	}
	k.mu.Lock()
	over := k.released != 0 && now-k.released > c.options.Timers.Linger
	k.mu.Unlock()
	if over {
		c.mu.Lock()
		delete(c.calls, k.id)
		c.mu.Unlock()
	}
}

// Close hangs up every leg, closes the sockets and waits for everything to end.
func (c *Cluster) Close() error {
	c.mu.Lock()
	if !c.closed {
		close(c.done)
	}
	c.closed = true
	c.mu.Unlock()
	for _, r := range append(slices.Clone(c.relays), c.void) {
		if r != nil {
			r.kill()
		}
	}
	c.wg.Wait()
	return nil
}
