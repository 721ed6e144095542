// Package reference is the smallest business client that the relay takes, for
// tests of the exchange without the product's own client. It does what Meta's
// documentation asks for and nothing else.
package reference

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"tring/audio"
)

// Peer is the client's end of one call.
type Peer struct {
	pc        *webrtc.PeerConnection
	mic       *webrtc.TrackLocalStaticRTP
	connected chan struct{}
	linked    sync.Once
	heard     chan rtp.Packet
	readers   sync.WaitGroup
	sequence  uint16
	stamp     uint32
}

// Options change what a good client does.
type Options struct {
	Passive bool // answers leave DTLS to the relay, as they must not
}

// kept is how many packets wait for Hear: ten seconds of sound.
const kept = 500

// NewPeer opens a peer.
func NewPeer(o Options) (*Peer, error) {
	api, err := newAPI(o)
	if err != nil {
		return nil, err
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	p := &Peer{pc: pc, connected: make(chan struct{}), heard: make(chan rtp.Packet, kept)}
	p.mic, err = webrtc.NewTrackLocalStaticRTP(opus, "mic", "line")
	if err == nil {
		_, err = pc.AddTrack(p.mic)
	}
	if err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	pc.OnTrack(p.hear)
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			p.linked.Do(func() { close(p.connected) })
		}
	})
	return p, nil
}

var opus = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "useinbandfec=1"}

func newAPI(o Options) (*webrtc.API, error) {
	var codecs webrtc.MediaEngine
	digits := webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: opus, PayloadType: 111}, {RTPCodecCapability: digits, PayloadType: 126},
	} {
		if err := codecs.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	var s webrtc.SettingEngine
	role := webrtc.DTLSRoleClient
	if o.Passive {
		role = webrtc.DTLSRoleServer
	}
	if err := s.SetAnsweringDTLSRole(role); err != nil {
		return nil, err
	}
	s.SetICEMaxBindingRequests(1000)
	s.SetDTLSRetransmissionInterval(100 * time.Millisecond)
	s.SetIncludeLoopbackCandidate(true)
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" || name == "lo0" })
	s.LoggerFactory = silent{}
	return webrtc.NewAPI(webrtc.WithMediaEngine(&codecs), webrtc.WithSettingEngine(s),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{})), nil
}

// Answer answers the relay's offer.
func (p *Peer) Answer(offer string) (string, error) {
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return p.settle(answer)
}

// Offer is for a call to a customer.
func (p *Peer) Offer() (string, error) {
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	return p.settle(offer)
}

// settle applies the own description and waits for its candidates.
func (p *Peer) settle(own webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(own); err != nil {
		return "", err
	}
	<-gathered
	return p.pc.LocalDescription().SDP, nil
}

// Apply takes the relay's answer.
func (p *Peer) Apply(answer string) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// Connected is closed when the path stands.
func (p *Peer) Connected() <-chan struct{} { return p.connected }

// Talk sends what source gives, 20 ms at a time, until ctx ends.
func (p *Peer) Talk(ctx context.Context, encoder audio.Encoder, source audio.Reader) error {
	codec := audio.OpusWebRTC
	pcm, buffer := make([]int16, codec.Rate.N(codec.Frame)), make([]byte, audio.MaxPayload)
	beat := time.NewTicker(codec.Frame)
	defer beat.Stop()
	for {
		if _, err := source.Read(pcm); err != nil {
			return err
		}
		packet, err := encoder.Encode(pcm, buffer)
		if err != nil {
			return err
		}
		if err := p.Send(packet); err != nil {
			return err
		}
		select {
		case <-beat.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Send sends one packet of 20 ms.
func (p *Peer) Send(payload []byte) error {
	codec := audio.OpusWebRTC
	err := p.mic.WriteRTP(&rtp.Packet{Header: rtp.Header{
		Version: 2, SequenceNumber: p.sequence, Timestamp: p.stamp,
	}, Payload: payload})
	p.sequence++
	p.stamp += uint32(codec.ClockRate.N(codec.Frame))
	if err != nil {
		return fmt.Errorf("send sound: %w", err)
	}
	return nil
}

// Hear waits for the next packet, audio or digits.
func (p *Peer) Hear(ctx context.Context) (rtp.Packet, error) {
	select {
	case packet := <-p.heard:
		return packet, nil
	case <-ctx.Done():
		return rtp.Packet{}, ctx.Err()
	}
}

func (p *Peer) hear(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	p.readers.Go(func() {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case p.heard <- *packet:
			default: // nobody listens
			}
		}
	})
}

// Close ends the peer.
func (p *Peer) Close() error {
	err := p.pc.GracefulClose()
	p.readers.Wait()
	return err
}

// silent keeps the library from writing on the terminal.
type silent struct{}

func (silent) NewLogger(string) logging.LeveledLogger {
	return logging.NewDefaultLeveledLoggerForScope("", logging.LogLevelDisabled, io.Discard)
}
