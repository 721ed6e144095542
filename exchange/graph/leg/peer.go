package leg

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// connectPeer makes the peer connection: ICE-lite, on the leg's socket.
func (l *Leg) connectPeer() error {
	var codecs webrtc.MediaEngine
	for _, c := range []webrtc.RTPCodecParameters{
		// No minptime: a client's description would match in part only.
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "useinbandfec=1"}, PayloadType: opusType},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}, PayloadType: digitsType},
	} {
		if err := codecs.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return fmt.Errorf("register %s: %w", c.MimeType, err)
		}
	}
	var reports interceptor.Registry
	if err := webrtc.ConfigureRTCPReports(&reports); err != nil {
		return err
	}
	settings, err := l.settings()
	if err != nil {
		return err
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(&codecs), webrtc.WithInterceptorRegistry(&reports), webrtc.WithSettingEngine(settings))
	if l.pc, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return err
	}
	l.pc.OnConnectionStateChange(l.changed)
	l.pc.OnTrack(l.hear)
	return nil
}

func (l *Leg) settings() (webrtc.SettingEngine, error) {
	var s webrtc.SettingEngine
	mux := webrtc.NewICEUDPMux(silent{}.NewLogger(""), l.wire)
	l.mux = mux
	s.SetLite(true)
	s.SetICEUDPMux(mux)
	s.SetIncludeLoopbackCandidate(true)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.LoggerFactory = silent{}
	role := webrtc.DTLSRoleClient
	if l.options.Setup != "active" {
		role = webrtc.DTLSRoleServer
	}
	return s, s.SetAnsweringDTLSRole(role)
}

// offer makes the leg's own description for a call to the business.
func (l *Leg) offer() error {
	transceiver, err := l.pc.AddTransceiverFromTrack(l.out)
	if err != nil {
		return err
	}
	if err := transceiver.SetMid("audio"); err != nil {
		return err
	}
	description, err := l.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	l.drain(transceiver.Sender())
	return l.describe(description, Sheet{Setup: "actpass", Mid: "audio", Opus: opusType, Digits: digitsType})
}

// answer makes it for a call from the business.
func (l *Leg) answer(offer string, said Described) error {
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return err
	}
	sender, err := l.pc.AddTrack(l.out)
	if err != nil {
		return err
	}
	description, err := l.pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	l.drain(sender)
	if err := l.describe(description, Sheet{Setup: l.options.Setup, Mid: said.Mid, Opus: said.Opus, Digits: said.Digits}); err != nil {
		return err
	}
	l.agree(said)
	l.listen()
	return nil
}

// describe applies the library's own description and takes over what the
// relay's has in common with it.
func (l *Leg) describe(own webrtc.SessionDescription, s Sheet) error {
	gathered := webrtc.GatheringCompletePromise(l.pc)
	if err := l.pc.SetLocalDescription(own); err != nil {
		return err
	}
	<-gathered
	var d sdp.SessionDescription
	if err := d.UnmarshalString(l.pc.LocalDescription().SDP); err != nil {
		return err
	}
	if len(d.MediaDescriptions) != 1 {
		return errors.New("the library wrote no media section")
	}
	s.Family, s.At = l.options.Family, []netip.AddrPort{l.wire.LocalAddr().(*net.UDPAddr).AddrPort()}
	s.read(&d)
	l.sheet = s
	return nil
}

// read takes credentials and source over from the library's description.
func (s *Sheet) read(d *sdp.SessionDescription) {
	for _, a := range append(d.Attributes, d.MediaDescriptions[0].Attributes...) {
		switch a.Key {
		case "ice-ufrag":
			s.Ufrag = a.Value
		case "ice-pwd":
			s.Pwd = a.Value
		case "fingerprint":
			_, s.Fingerprint, _ = strings.Cut(a.Value, " ")
		case "ssrc":
			fmt.Sscan(a.Value, &s.SSRC)
		}
	}
}

// drain reads the reports about what we send; the library wants it.
func (l *Leg) drain(sender *webrtc.RTPSender) {
	l.readers.Go(func() {
		b := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(b); err != nil {
				return
			}
		}
	})
}

func (l *Leg) changed(state webrtc.PeerConnectionState) {
	l.options.Log.Debug("the relay's leg changed", "state", state.String())
	if state == webrtc.PeerConnectionStateConnected {
		l.linked.Do(func() { close(l.connected) })
	}
}

// hear reads what the client says until the leg ends.
func (l *Leg) hear(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	l.readers.Go(func() {
		for {
			p, _, err := track.ReadRTP()
			if errors.Is(err, io.EOF) || l.ctx.Err() != nil {
				return
			}
			if err != nil {
				continue // a payload type that nobody agreed on; the ledger has it
			}
			if p.PayloadType == l.opusNow() {
				l.line.deliver(p)
			}
		}
	})
}

func (l *Leg) opusNow() uint8 {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	return l.wire.opus
}

// silent keeps the library from writing on the terminal.
type silent struct{}

func (silent) NewLogger(string) logging.LeveledLogger {
	return logging.NewDefaultLeveledLoggerForScope("", logging.LogLevelDisabled, io.Discard)
}
