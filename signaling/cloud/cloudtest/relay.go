// Package cloudtest is the far end of a business call's sound for tests: an
// ICE-lite relay with descriptions in Meta's two styles.
package cloudtest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Style is how a description is written.
type Style int

// Meta's documentation and its live traffic write descriptions differently.
const (
	Documented Style = iota
	Live
)

// Packet is one RTP packet that the relay got.
type Packet struct {
	At      time.Time
	Header  rtp.Header
	Payload []byte
}

// Relay is one leg of Meta's relay.
type Relay struct {
	pc   *webrtc.PeerConnection
	out  *voice
	got  chan Packet
	open atomic.Bool

	// Early counts packets that came before Open.
	Early atomic.Int64
	// Linked is closed when the leg stands.
	Linked chan struct{}
	once   sync.Once
}

// NewRelay makes a relay on the loopback interface.
func NewRelay() (*Relay, error) {
	var m webrtc.MediaEngine
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, PayloadType: 111},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}, PayloadType: 126},
	} {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	var s webrtc.SettingEngine
	s.SetLite(true)
	s.SetIncludeLoopbackCandidate(true)
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetHandleUndeclaredSSRCWithoutAnswer(true)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithSettingEngine(s), webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	r := &Relay{pc: pc, out: &voice{}, got: make(chan Packet, 4096), Linked: make(chan struct{})}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { r.read(t) })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			r.once.Do(func() { close(r.Linked) })
		}
	})
	_, err = pc.AddTrack(r.out)
	return r, err
}

func (r *Relay) read(t *webrtc.TrackRemote) {
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		if !r.open.Load() {
			r.Early.Add(1)
		}
		select {
		case r.got <- Packet{time.Now(), p.Header, p.Payload}:
		default:
		}
	}
}

// Open says that packets are welcome from now on: the call is accepted.
func (r *Relay) Open() { r.open.Store(true) }

// Got are the packets that came.
func (r *Relay) Got() <-chan Packet { return r.got }

// Offer is the relay's offer of a call that a customer places.
func (r *Relay) Offer(style Style) (string, error) {
	if err := r.pc.GetTransceivers()[0].SetMid("audio"); err != nil {
		return "", err
	}
	d, err := r.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	return r.local(d, style)
}

// Accept takes the business's answer to Offer.
func (r *Relay) Accept(answer string) error {
	return r.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// Answer is the relay's answer to the business's offer.
func (r *Relay) Answer(offer string, style Style) (string, error) {
	if err := r.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	d, err := r.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return r.local(d, style)
}

func (r *Relay) local(d webrtc.SessionDescription, style Style) (string, error) {
	done := webrtc.GatheringCompletePromise(r.pc)
	if err := r.pc.SetLocalDescription(d); err != nil {
		return "", err
	}
	<-done
	return Dress(r.pc.LocalDescription().SDP, style), nil
}

var opusFormat = regexp.MustCompile(`(?m)^a=(fmtp:111 .*|rtpmap:111 opus/48000/2)\r\n`)

// Dress writes a description as Meta does. The declared source is a wrong one:
// Meta renumbers its packets.
func Dress(text string, style Style) string {
	format := "minptime=10;useinbandfec=1"
	more := "a=rtcp-fb:111 transport-cc\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
	if style == Live {
		format = "maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;sprop-maxcapturerate=16000;useinbandfec=1"
		more = "a=ptime:20\r\na=maxptime:20\r\n"
	}
	text = opusFormat.ReplaceAllString(text, "")
	var b strings.Builder
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "a=ssrc"), strings.HasPrefix(line, "a=end-of-candidates"), strings.HasPrefix(line, "a=rtcp-rsize"),
			strings.HasPrefix(line, "a=candidate") && strings.Contains(line, " 2 udp "):
			continue
		}
		b.WriteString(line)
	}
	fmt.Fprintf(&b, "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 %s\r\n%sa=ssrc:3000000001 cname:WhatsAppAudioStream1\r\n", format, more)
	return b.String()
}

// Send sends one frame of sound.
func (r *Relay) Send(payload []byte) error { return r.out.write(111, r.out.clock.Add(960), payload) }

// Press sends a keypad digit without its end, as Meta does.
func (r *Relay) Press(code byte) error {
	began := r.out.clock.Load()
	for i := range 5 {
		if err := r.out.write(126, began, []byte{code, 10, 0, byte(160 * (i + 1) % 256)}); err != nil {
			return err
		}
	}
	r.out.clock.Add(960)
	return nil
}

// Close ends the leg.
func (r *Relay) Close() error { return r.pc.Close() }

// voice is the relay's track: sound and digits on one source.
type voice struct {
	clock atomic.Uint32
	mu    sync.Mutex
	seq   uint16
	ssrc  uint32
	out   webrtc.TrackLocalWriter
}

var errNotLinked = errors.New("the relay's leg does not stand")

func (v *voice) write(pt uint8, at uint32, payload []byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.out == nil {
		return errNotLinked
	}
	v.seq++
	_, err := v.out.WriteRTP(&rtp.Header{Version: 2, PayloadType: pt, SequenceNumber: v.seq, Timestamp: at, SSRC: v.ssrc}, payload)
	return err
}

func (v *voice) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ssrc, v.out = uint32(c.SSRC()), c.WriteStream()
	return c.CodecParameters()[0], nil
}

func (v *voice) Unbind(webrtc.TrackLocalContext) error { return nil }
func (*voice) ID() string                              { return "customer" }
func (*voice) RID() string                             { return "" }
func (*voice) StreamID() string                        { return "relay" }
func (*voice) Kind() webrtc.RTPCodecType               { return webrtc.RTPCodecTypeAudio }
