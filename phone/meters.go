package phone

import (
	"fmt"
	"sync"
	"time"

	"tring/audio"
)

// Levels is how loud a call is right now. It is cheap and may be asked at any
// rate.
func (p *Phone) Levels(id string) Levels {
	s := p.board.Load().sounds[id]
	if s == nil {
		return Levels{Mic: Silence, MicPeak: Silence, Peer: Silence, PeerPeak: Silence, Muted: true}
	}
	stats := s.session.Stats()
	levels := levelsOf(stats)
	levels.Advice = s.advisor.look(stats)
	if file := s.recording.Load(); file != nil {
		levels.DiskFree = file.Status().Free
	}
	return levels
}

// adviser is an audio.Advisor that many may ask, at any rate.
type adviser struct {
	mu     sync.Mutex
	last   time.Time
	advice audio.Advisor
	given  audio.Advice
}

// adviceEvery is how often a microphone is looked at, at most.
const adviceEvery = 50 * time.Millisecond

func (a *adviser) look(s audio.Stats) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if passed := now.Sub(a.last); passed >= adviceEvery {
		a.last = now
		a.given = a.advice.Look(s, min(passed, time.Second))
	}
	return a.given.String()
}

// Quality is how good a call sounds right now.
func (p *Phone) Quality(id string) Quality {
	s := p.board.Load().sounds[id]
	if s == nil {
		return Quality{}
	}
	return qualityOf(s.session.Stats())
}

// clippingAt is the peak in dBFS from which a microphone is called too loud.
const clippingAt = -0.5

func levelsOf(s audio.Stats) Levels {
	return Levels{
		Mic: s.Microphone.RMS, MicPeak: s.Microphone.Peak,
		Peer: s.Speaker.RMS, PeerPeak: s.Speaker.Peak,
		Muted: s.Muted, Clipping: s.Microphone.Peak >= clippingAt, Echo: echoWords(s.Improvement),
	}
}

func echoWords(i audio.Improvement) string {
	if i == (audio.Improvement{}) {
		return ""
	}
	return i.String()
}

func qualityOf(s audio.Stats) Quality {
	q := Quality{
		MOS: s.MOS, Loss: s.Jitter.Loss, RemoteLoss: s.Network.RemoteLoss, Concealed: s.Jitter.ConcealedShare,
		Jitter: s.Network.Jitter, RTT: s.Network.RTT, Buffer: s.Jitter.Delay,
		Sent: s.Network.Sent, Received: s.Network.Received,
		Path: s.Network.Path, Encrypted: s.Network.Encrypted,
	}
	if s.Codec.Name != "" {
		q.Codec = fmt.Sprintf("%s %d kHz %d ms", s.Codec.Name, s.Codec.Rate/1000, s.Codec.Frame.Milliseconds())
	}
	return q
}
