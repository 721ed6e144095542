package phone

import (
	"fmt"

	"tring/audio"
)

// Levels is how loud a call is right now. It is cheap and may be asked at any
// rate.
func (p *Phone) Levels(id string) Levels {
	s := p.board.Load().sounds[id]
	if s == nil {
		return Levels{Mic: Silence, MicPeak: Silence, Peer: Silence, PeerPeak: Silence, Muted: true}
	}
	return levelsOf(s.session.Stats())
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
		Muted: s.Muted, Clipping: s.Microphone.Peak >= clippingAt,
	}
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
