package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// channelLabel names the channel when it is opened (evidence:
// JotaDev66/WaCalls, vinikjkkj/zapo).
const channelLabel = "wa-web-call"

// dialPeerConnection opens a channel on a whole peer connection, whose remote
// description is written here: a relay sends none. The channel is opened
// in-band, because pion ignores the reliability of a negotiated one.
func dialPeerConnection(ctx context.Context, to target) (channel, error) {
	pc, err := newPeerConnection(to)
	if err != nil {
		return nil, err
	}
	failed := make(chan struct{})
	var once sync.Once
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		// A refused handshake is told as the one or the other, whichever of
		// pion's goroutines is first.
		if state == webrtc.PeerConnectionStateFailed || state == webrtc.PeerConnectionStateClosed {
			once.Do(func() { close(failed) })
		}
	})
	ready, err := offerChannel(pc, to)
	if err != nil {
		return nil, errors.Join(err, pc.GracefulClose())
	}
	select {
	case c := <-ready:
		return c, nil
	case <-failed:
		err = whyFailed(pc, to, errors.New("the relay did not complete the connection"))
	case <-ctx.Done():
		err = whyFailed(pc, to, fmt.Errorf("the relay did not open a channel: %w", ctx.Err()))
	}
	return nil, errors.Join(err, pc.GracefulClose())
}

// whyFailed finds out whether the relay's certificate was the cause, rather than
// what it seemed to be: pion tells that to its log alone.
func whyFailed(pc *webrtc.PeerConnection, to target, seemed error) error {
	if shown := pc.SCTP().Transport().GetRemoteCertificate(); len(shown) > 0 {
		if err := verifyPin(to.Fingerprint)([][]byte{shown}, nil); err != nil {
			return err
		}
	}
	return seemed
}

func newPeerConnection(to target) (*webrtc.PeerConnection, error) {
	var s webrtc.SettingEngine
	s.LoggerFactory = quiet
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(iceDisconnected, iceFailed, iceKeepalive)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetIncludeLoopbackCandidate(to.Addr.Addr().IsLoopback())
	s.SetIPFilter(reaches(to.Addr.Addr()))
	s.SetHostAcceptanceMinWait(0)
	s.SetDTLSRetransmissionInterval(flight)
	s.SetSCTPRTOMax(sctpRTOMax * time.Millisecond)
	s.SetSCTPMinCwnd(sctpMinWindow)
	s.SetSCTPMaxReceiveBufferSize(sctpReceive)
	return webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
}

// offerChannel starts to connect; the channel comes when the relay opened it.
func offerChannel(pc *webrtc.PeerConnection, to target) (<-chan channel, error) {
	ordered, retransmits := false, uint16(0)
	dc, err := pc.CreateDataChannel(channelLabel, &webrtc.DataChannelInit{Ordered: &ordered, MaxRetransmits: &retransmits})
	if err != nil {
		return nil, err
	}
	c := &dataChannel{pc: pc, dc: dc, messages: make(chan []byte, queued), closed: make(chan struct{})}
	dc.OnMessage(c.take)
	dc.OnClose(func() { c.once.Do(func() { close(c.closed) }) })
	// pion tells this when the relay's answer is there, and only from then on
	// sends unordered.
	ready := make(chan channel, 1)
	dc.OnOpen(func() { ready <- c })
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	return ready, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer(to)})
}

// answer is the description that a relay would send, as WhatsApp Web writes it
// for itself.
func answer(to target) string {
	return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
		"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\n" +
		"a=ice-ufrag:" + to.User + "\r\na=ice-pwd:" + to.Password + "\r\n" +
		"a=fingerprint:sha-256 " + to.Fingerprint + "\r\na=setup:passive\r\n" +
		"a=sctp-port:5000\r\na=max-message-size:1500\r\n" +
		fmt.Sprintf("a=candidate:2 1 udp 2122262783 %s %d typ host generation 0 network-cost 5\r\n", to.Addr.Addr(), to.Addr.Port()) +
		"a=end-of-candidates\r\n"
}

// queued is how many messages may wait to be received; more are dropped, as
// any network may.
const queued = 256

// dataChannel is a channel on a peer connection.
type dataChannel struct {
	pc       *webrtc.PeerConnection
	dc       *webrtc.DataChannel
	messages chan []byte
	closed   chan struct{} // by the relay, or with the connection
	once     sync.Once
}

func (c *dataChannel) take(m webrtc.DataChannelMessage) {
	select {
	case c.messages <- m.Data:
	default:
	}
}

func (c *dataChannel) Send(message []byte) error { return c.dc.Send(message) }

func (c *dataChannel) Receive(buffer []byte) (int, error) {
	select {
	case m := <-c.messages:
		if len(m) > len(buffer) {
			return 0, errOversized
		}
		return copy(buffer, m), nil
	case <-c.closed:
		return 0, io.EOF
	}
}

func (c *dataChannel) Backlog() int { return int(c.dc.BufferedAmount()) }

func (c *dataChannel) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.pc.GracefulClose()
}
