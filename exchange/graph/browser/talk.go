package browser

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"tring/audio"
)

// Payload types toward the browser.
const (
	opusType   = 111
	digitsType = 126
)

var opus = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}

// Talk joins the browser to a call until ctx ends or the call does.
func (b *Browser) Talk(ctx context.Context, line audio.Stream) {
	if err := b.talk(ctx, line); err != nil && ctx.Err() == nil {
		b.log.Error("the browser cannot talk", "err", err)
		b.mu.Lock()
		b.failure = err.Error()
		b.mu.Unlock()
	}
}

func (b *Browser) talk(ctx context.Context, line audio.Stream) error {
	pc, speaker, err := newPeer()
	if err != nil {
		return err
	}
	var w sync.WaitGroup
	defer w.Wait()
	defer pc.GracefulClose()
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		w.Go(func() { b.mouth(track, line) })
	})
	if err := b.negotiate(ctx, pc); err != nil {
		return err
	}
	defer b.order(context.WithoutCancel(ctx), message{Type: "hang"}) // a page that has left has hung up
	return ear(line, speaker)
}

// newPeer makes the far side of the browser's connection.
func newPeer() (*webrtc.PeerConnection, *webrtc.TrackLocalStaticRTP, error) {
	var codecs webrtc.MediaEngine
	digits := webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: opus, PayloadType: opusType}, {RTPCodecCapability: digits, PayloadType: digitsType},
	} {
		if err := codecs.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, nil, err
		}
	}
	var reports interceptor.Registry
	if err := webrtc.ConfigureRTCPReports(&reports); err != nil {
		return nil, nil, err
	}
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	s.LoggerFactory = silent{}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(&codecs), webrtc.WithInterceptorRegistry(&reports), webrtc.WithSettingEngine(s))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, nil, err
	}
	speaker, err := webrtc.NewTrackLocalStaticRTP(opus, "business", "business")
	if err == nil {
		_, err = pc.AddTrack(speaker)
	}
	if err != nil {
		return nil, nil, errors.Join(err, pc.Close())
	}
	return pc, speaker, nil
}

// negotiate offers the call to the page and takes its answer.
func (b *Browser) negotiate(ctx context.Context, pc *webrtc.PeerConnection) error {
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		return err
	}
	<-gathered
	if err := b.order(ctx, message{Type: "offer", SDP: pc.LocalDescription().SDP}); err != nil {
		return err
	}
	select {
	case answer := <-b.answers:
		return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ear sends the business's sound to the browser until the call ends.
func ear(line audio.Stream, speaker *webrtc.TrackLocalStaticRTP) error {
	var p audio.Packet
	for line.ReadPacket(&p) == nil {
		err := speaker.WriteRTP(&rtp.Packet{Header: rtp.Header{
			Version: 2, Marker: p.Marker, SequenceNumber: p.Sequence, Timestamp: p.Timestamp,
		}, Payload: p.Payload})
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			return err
		}
	}
	return nil
}

// keys are the events of RFC 4733 section 3.2.
const keys = "0123456789*#ABCD"

// mouth sends the browser's sound to the business, and tells of its keys.
func (b *Browser) mouth(track *webrtc.TrackRemote, line audio.Stream) {
	var event uint32 // time at which the last key began
	pressed := false
	for {
		p, _, err := track.ReadRTP()
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil && p == nil:
			return
		case p.PayloadType == opusType && len(p.Payload) > 0:
			_ = line.WritePacket(p.Payload, frame, p.Marker) // a call that ended is noticed by reading
		case p.PayloadType == digitsType && len(p.Payload) >= 4 && int(p.Payload[0]) < len(keys):
			if !pressed || p.Timestamp != event {
				pressed, event = true, p.Timestamp
				b.pressed(string(keys[p.Payload[0]]))
			}
		}
	}
}

// frame is 20 ms at 48 kHz.
const frame = 960

// pressed tells of a key; keys that nobody takes in time are lost.
func (b *Browser) pressed(key string) {
	select {
	case b.keys <- key:
	default:
	}
}

// tellKeys tells of keys, one after another, until Close.
func (b *Browser) tellKeys(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case key := <-b.keys:
			b.mu.Lock()
			told := b.digit
			b.mu.Unlock()
			if told != nil {
				told(key)
			}
		}
	}
}

// silent keeps the library from writing on the terminal.
type silent struct{}

func (silent) NewLogger(string) logging.LeveledLogger {
	return logging.NewDefaultLeveledLoggerForScope("", logging.LogLevelDisabled, io.Discard)
}
