package rtc

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
)

// Payload types that we offer; Meta's relay offers the same.
const (
	opusType   = 111
	digitsType = 126
)

// opus has no minptime: with it, Meta's live offers match ours only in part,
// and pion drops Opus because telephone-event matches wholly.
var opus = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "useinbandfec=1"}

var digits = webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}

const (
	// checks is how many connectivity checks may stay unanswered. The relay
	// answers none before it has read our description; pion would write it off
	// after seven.
	checks = 1000
	// handshake is when a lost DTLS flight is sent again first.
	handshake = 100 * time.Millisecond
	// gathering bounds the search for our own addresses: the caller waits.
	gathering = time.Second
)

// newPeerConnection is pion's, set up as the relay wants its peer.
func (p *Peer) newPeerConnection() (*webrtc.PeerConnection, error) {
	media, err := codecs()
	if err != nil {
		return nil, err
	}
	chain, err := p.interceptors()
	if err != nil {
		return nil, err
	}
	settings, err := p.options.settings()
	if err != nil {
		return nil, err
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(chain), webrtc.WithSettingEngine(settings))
	var servers []webrtc.ICEServer
	if len(p.options.STUN) > 0 {
		servers = []webrtc.ICEServer{{URLs: p.options.STUN}}
	}
	return api.NewPeerConnection(webrtc.Configuration{ICEServers: servers})
}

// codecs are the only two that may be offered.
func codecs() (*webrtc.MediaEngine, error) {
	var m webrtc.MediaEngine
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: opus, PayloadType: opusType},
		{RTPCodecCapability: digits, PayloadType: digitsType},
	} {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, fmt.Errorf("register %s: %w", c.MimeType, err)
		}
	}
	return &m, nil
}

// interceptors are reports alone, and the gate in front of them.
func (p *Peer) interceptors() (*interceptor.Registry, error) {
	receiver, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	sender, err := report.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	var chain interceptor.Registry
	chain.Add(reports{p}) // first, so that it is next to the network
	chain.Add(receiver)
	chain.Add(sender)
	return &chain, nil
}

// settings are where pion's defaults lose calls with Meta's relay.
func (o Options) settings() (webrtc.SettingEngine, error) {
	var s webrtc.SettingEngine
	// The relay waits for us: the answerer must be DTLS client.
	if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleClient); err != nil {
		return s, err
	}
	if o.PortMin != 0 {
		if err := s.SetEphemeralUDPPortRange(o.PortMin, o.PortMax); err != nil {
			return s, fmt.Errorf("the range of UDP ports: %w", err)
		}
	}
	s.SetICEMaxBindingRequests(checks)
	s.SetDTLSRetransmissionInterval(handshake)
	s.SetSTUNGatherTimeout(gathering)
	s.SetSrflxAcceptanceMinWait(0)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetIncludeLoopbackCandidate(o.Loopback)
	s.SetIPFilter(func(ip net.IP) bool { return !ip.IsLinkLocalUnicast() })
	s.SetHandleUndeclaredSSRCWithoutAnswer(true)
	s.LoggerFactory = silent{}
	return s, nil
}

// silent keeps pion from writing on the terminal.
type silent struct{}

func (silent) NewLogger(string) logging.LeveledLogger {
	return logging.NewDefaultLeveledLoggerForScope("", logging.LogLevelDisabled, discard{})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// gathered waits until our own addresses are known, no longer than is decent.
func gathered(ctx context.Context, done <-chan struct{}) error {
	limit := time.NewTimer(gathering)
	defer limit.Stop()
	select {
	case <-done:
		return nil
	case <-limit.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
