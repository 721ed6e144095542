package relay

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	dtlsnet "github.com/pion/dtls/v3/pkg/net"
	"github.com/pion/ice/v4"
	"github.com/pion/sctp"
	"github.com/pion/stun/v4"
)

// testPhone is an independent client made of pion's own ICE, DTLS, SCTP and
// STUN: it shares no code with the relay.
type testPhone struct {
	t        testing.TB
	key      string
	endpoint Endpoint
	agent    *ice.Agent
	dtls     *dtls.Conn
	sctp     *sctp.Association
	stream   *sctp.Stream
	in       chan []byte
}

type phoneOptions struct {
	ice         bool
	ufrag       string // instead of the auth token's text
	key         string // instead of the grant's
	fingerprint string // expected certificate; empty takes any
	inBand      bool
	ordered     bool
	silent      bool // answers no consent request
}

func (o phoneOptions) or(g *Grant, e Endpoint) phoneOptions {
	if o.ufrag == "" {
		o.ufrag = username(e.Auth)
	}
	if o.key == "" {
		o.key = g.KeyText()
	}
	return o
}

var errPin = errors.New("the relay shows another certificate")

// dialPhone opens a channel to one endpoint of a grant.
func dialPhone(ctx context.Context, t testing.TB, g *Grant, e Endpoint, o phoneOptions) (*testPhone, error) {
	t.Helper()
	o = o.or(g, e)
	p := &testPhone{t: t, key: o.key, endpoint: e, in: make(chan []byte, 4096)}
	t.Cleanup(p.close)
	conn, err := p.transport(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := p.secure(ctx, conn, o); err != nil {
		conn.Close()
		return nil, err
	}
	return p, p.open(ctx, o)
}

func (p *testPhone) transport(ctx context.Context, o phoneOptions) (net.Conn, error) {
	if !o.ice {
		return net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(p.endpoint.Addr))
	}
	agent, err := ice.NewAgentWithOptions(
		ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4}), ice.WithIncludeLoopback(),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled), ice.WithCheckInterval(20*time.Millisecond),
		ice.WithInterfaceFilter(func(name string) bool { return name == "lo" }),
	)
	if err != nil {
		return nil, err
	}
	p.agent = agent
	gathered := make(chan struct{})
	agent.OnCandidate(func(c ice.Candidate) {
		if c == nil {
			close(gathered)
		}
	})
	if err := agent.GatherCandidates(); err != nil {
		return nil, err
	}
	<-gathered
	remote, err := ice.NewCandidateHost(&ice.CandidateHostConfig{
		Network: "udp", Address: p.endpoint.Addr.Addr().String(), Port: int(p.endpoint.Addr.Port()), Component: 1,
	})
	if err != nil {
		return nil, err
	}
	if err := agent.AddRemoteCandidate(remote); err != nil {
		return nil, err
	}
	return agent.Dial(ctx, o.ufrag, o.key)
}

func (p *testPhone) secure(ctx context.Context, conn net.Conn, o phoneOptions) error {
	own, err := NewCertificate()
	if err != nil {
		return err
	}
	p.dtls, err = dtls.ClientWithOptions(dtlsnet.PacketConnFromConn(conn), conn.RemoteAddr(),
		dtls.WithCertificates(own), dtls.WithInsecureSkipVerify(true),
		dtls.WithVerifyPeerCertificate(func(raw [][]byte, _ [][]*x509.Certificate) error {
			if o.fingerprint != "" && Fingerprint(tls.Certificate{Certificate: raw}) != o.fingerprint {
				return errPin
			}
			return nil
		}), dtls.WithLoggerFactory(quiet))
	if err != nil {
		return err
	}
	return p.dtls.HandshakeContext(ctx)
}

func (p *testPhone) open(ctx context.Context, o phoneOptions) (err error) {
	stop := context.AfterFunc(ctx, func() { p.dtls.Close() })
	defer stop()
	if p.sctp, err = sctp.ClientWithOptions(sctp.WithNetConn(p.dtls), sctp.WithLoggerFactory(quiet)); err != nil {
		return err
	}
	if p.stream, err = p.sctp.OpenStream(0, sctp.PayloadTypeWebRTCBinary); err != nil {
		return err
	}
	if !o.ordered {
		p.stream.SetReliabilityParams(true, sctp.ReliabilityTypeRexmit, 0)
	}
	if o.inBand {
		open := append([]byte{3, 0, 0, 0, 0, 0, 0, 0, 0, 11, 0, 0}, "wa-web-call"...)
		if _, err := p.stream.WriteSCTP(open, sctp.PayloadTypeWebRTCDCEP); err != nil {
			return err
		}
		buf := make([]byte, 100)
		n, ppid, err := p.stream.ReadSCTP(buf)
		if err != nil || ppid != sctp.PayloadTypeWebRTCDCEP || n != 1 || buf[0] != 2 {
			return fmt.Errorf("channel not acknowledged: % x, ppid %v, %v", buf[:n], ppid, err)
		}
	}
	go p.read(o)
	return nil
}

func (p *testPhone) read(o phoneOptions) {
	defer close(p.in)
	buf := make([]byte, 4096)
	for {
		n, _, err := p.stream.ReadSCTP(buf)
		if err != nil {
			return
		}
		b := append([]byte(nil), buf[:n]...)
		if m := (&stun.Message{Raw: b}); stun.IsMessage(b) && m.Decode() == nil && m.Type == stun.BindingRequest {
			if !o.silent && p.integrity().Check(m) == nil && stun.Fingerprint.Check(m) == nil {
				p.send(p.message(stun.BindingSuccess, m.TransactionID, p.integrity(), stun.Fingerprint).Raw)
			}
			continue
		}
		select {
		case p.in <- b:
		default:
		}
	}
}

func (p *testPhone) integrity() stun.MessageIntegrity { return stun.NewShortTermIntegrity(p.key) }

func (p *testPhone) message(kind stun.MessageType, id [12]byte, more ...stun.Setter) *stun.Message {
	p.t.Helper()
	m, err := stun.Build(append([]stun.Setter{kind, stun.NewTransactionIDSetter(id)}, more...)...)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// allocation is an Allocate as a phone writes it.
func (p *testPhone) allocation(token []byte, endpoint netip.AddrPort) *stun.Message {
	p.t.Helper()
	var id [12]byte
	rand.Read(id[:])
	m := p.message(stun.NewType(stun.MethodAllocate, stun.ClassRequest), id)
	m.Add(attrToken, token)
	m.Add(0x4024, []byte{0x0a, 2, 0x18, 1})
	address := stun.XORMappedAddress{IP: net.IP(endpoint.Addr().AsSlice()), Port: int(endpoint.Port())}
	if err := address.AddToAs(m, attrEndpoint); err != nil {
		p.t.Fatal(err)
	}
	if err := p.integrity().AddTo(m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func (p *testPhone) send(b []byte) {
	if _, err := p.stream.WriteSCTP(b, sctp.PayloadTypeWebRTCBinary); err != nil {
		p.t.Logf("send: %v", err)
	}
}

// next is the next message from the relay.
func (p *testPhone) next() []byte {
	p.t.Helper()
	select {
	case b, ok := <-p.in:
		if !ok {
			p.t.Fatal("the relay hung up")
		}
		return b
	case <-time.After(5 * time.Second):
		p.t.Fatal("the relay sent nothing for 5 s")
		return nil
	}
}

// ask sends a STUN request and returns the answer to it.
func (p *testPhone) ask(m *stun.Message) *stun.Message {
	p.t.Helper()
	p.send(m.Raw)
	for {
		answer := &stun.Message{Raw: p.next()}
		if !stun.IsMessage(answer.Raw) {
			continue
		}
		if err := answer.Decode(); err != nil {
			p.t.Fatal(err)
		}
		if answer.TransactionID == m.TransactionID {
			return answer
		}
	}
}

// allocate registers and fails the test if the relay refuses.
func (p *testPhone) allocate() {
	p.t.Helper()
	answer := p.ask(p.allocation(p.endpoint.Token, p.endpoint.Addr))
	if answer.Type != stun.NewType(stun.MethodAllocate, stun.ClassSuccessResponse) {
		p.t.Fatalf("Allocate was answered %s", answer)
	}
	if err := p.integrity().Check(answer); err != nil {
		p.t.Fatalf("the answer's integrity: %v", err)
	}
}

func (p *testPhone) close() {
	if p.sctp != nil {
		p.sctp.Close()
	}
	if p.dtls != nil {
		p.dtls.Close()
	}
	if p.agent != nil {
		p.agent.Close()
	}
}

// mustDial is dialPhone for phones that have to get through.
func mustDial(t *testing.T, g *Grant, e Endpoint, o phoneOptions) *testPhone {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	p, err := dialPhone(ctx, t, g, e, o)
	if err != nil {
		t.Fatalf("dial relay %s: %v", e.Name, err)
	}
	return p
}
