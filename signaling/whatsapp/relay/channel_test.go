package relay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/sctp"
)

// far is the relay's end of a channel, made of pion alone.
type far struct {
	addr        netip.AddrPort
	fingerprint string
	stream      chan *sctp.Stream
}

// newFar waits for one client over DTLS and takes its first stream.
func newFar(t testing.TB) *far {
	t.Helper()
	certificate, err := selfsign.GenerateSelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	l, err := dtls.ListenWithOptions("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)},
		dtls.WithCertificates(certificate), dtls.WithLoggerFactory(quiet))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(certificate.Certificate[0])
	f := &far{l.Addr().(*net.UDPAddr).AddrPort(), writeFingerprint(sum[:]), make(chan *sctp.Stream, 1)}
	closing := make(chan func(), 1)
	go f.accept(l, closing)
	t.Cleanup(func() {
		l.Close()
		(<-closing)()
	})
	return f
}

func (f *far) accept(l net.Listener, closing chan<- func()) {
	end := func() {}
	defer func() { closing <- end }()
	conn, err := l.Accept()
	if err != nil {
		return
	}
	end = func() { conn.Close() }
	if conn.(*dtls.Conn).Handshake() != nil {
		return
	}
	association, err := sctp.ServerWithOptions(sctp.WithNetConn(conn), sctp.WithLoggerFactory(quiet))
	if err != nil {
		return
	}
	end = func() { association.Close() }
	if stream, err := association.AcceptStream(); err == nil {
		f.stream <- stream
	}
}

// connect opens a channel to it.
func (f *far) connect(t testing.TB) channel {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := dialDTLS(ctx, target{Addr: f.addr, Fingerprint: f.fingerprint})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestMessagesLargerThanAPacketAreDroppedAndTheChannelGoesOn(t *testing.T) {
	f := newFar(t)
	c := f.connect(t)
	if err := c.Send([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	stream := <-f.stream
	for _, message := range [][]byte{make([]byte, 60_000), []byte("after it")} {
		if _, err := stream.WriteSCTP(message, sctp.PayloadTypeWebRTCBinary); err != nil {
			t.Fatal(err)
		}
	}
	buffer := make([]byte, maxMessage)
	if _, err := c.Receive(buffer); !errors.Is(err, errOversized) {
		t.Fatalf("60,000 bytes: %v", err)
	}
	n, err := c.Receive(buffer)
	if err != nil || string(buffer[:n]) != "after it" {
		t.Errorf("then %q, %v", buffer[:n], err)
	}
}

func TestClosingAChannelEndsItsReceiving(t *testing.T) {
	f := newFar(t)
	c := f.connect(t)
	c.Send([]byte("hello"))
	<-f.stream
	began := time.Now()
	done := make(chan struct{})
	go func() { c.Receive(make([]byte, maxMessage)); close(done) }()
	c.Close()
	<-done
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("closing took %v", took)
	}
}

func TestADialGivesUpWithItsContext(t *testing.T) {
	nobody, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	to := target{Addr: nobody.LocalAddr().(*net.UDPAddr).AddrPort(), User: "user", Password: relayKey, Fingerprint: WhatsAppFingerprint}
	for name, dial := range transports {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if c, err := dial(ctx, to); err == nil {
			c.Close()
			t.Errorf("%s: connected to nobody", name)
		}
		cancel()
	}
}

// What pion sends to open a channel in-band is pinned, because a relay reads it.
func TestTheOpeningOfAnInBandChannel(t *testing.T) {
	ordered := &datachannel.Config{ChannelType: datachannel.ChannelTypeReliable, Priority: datachannel.ChannelPriorityNormal, Label: channelLabel, LoggerFactory: quiet}
	unordered := &datachannel.Config{ChannelType: datachannel.ChannelTypePartialReliableRexmitUnordered, Priority: datachannel.ChannelPriorityNormal, Label: channelLabel, LoggerFactory: quiet}
	for config, want := range map[*datachannel.Config]string{
		ordered:   "0300010000000000000b000077612d7765622d63616c6c",
		unordered: "0381010000000000000b000077612d7765622d63616c6c",
	} {
		f := newFar(t)
		c := f.connect(t).(*streamChannel)
		if _, err := datachannel.Client(c.stream, config); err != nil {
			t.Fatal(err)
		}
		stream := <-f.stream
		buffer := make([]byte, 100)
		n, kind, err := stream.ReadSCTP(buffer)
		if err != nil || kind != sctp.PayloadTypeWebRTCDCEP {
			t.Fatalf("kind %v: %v", kind, err)
		}
		wantHex(t, "opening", buffer[:n], want)
	}
}

// BenchmarkChannel is a message over our channel to pion's end and back on
// loopback: what DTLS and SCTP allocate for one packet sent and one received
// at each end.
func BenchmarkChannel(b *testing.B) {
	f := newFar(b)
	c := f.connect(b)
	message, buffer := bytes.Repeat([]byte{0x90}, 150), make([]byte, maxMessage)
	c.Send(message)
	stream := <-f.stream
	stream.SetReliabilityParams(true, sctp.ReliabilityTypeRexmit, 0)
	stream.ReadSCTP(buffer)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Send(message); err != nil {
			b.Fatal(err)
		}
		if _, _, err := stream.ReadSCTP(buffer); err != nil {
			b.Fatal(err)
		}
	}
}
