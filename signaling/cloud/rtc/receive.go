package rtc

import (
	"errors"
	"io"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"tring/audio"
)

// maxTracks bounds how often the relay may change its source in a call.
const maxTracks = 8

// listen reads one source of the relay to its end.
func (p *Peer) listen(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed() || p.tracks.Add(1) > maxTracks {
		return
	}
	p.work.Go(func() { p.readReports(r.ReadRTCP) })
	p.work.Go(func() { p.readSound(t) })
}

func (p *Peer) readReports(read func() ([]rtcp.Packet, interceptor.Attributes, error)) {
	for {
		pkts, _, err := read()
		if err != nil {
			return
		}
		p.report(pkts)
	}
}

// readSound takes every packet of a source. An error is one packet's, unless
// the source has ended: a loop that gave up at the first would fall silent
// with the first key that is pressed.
func (p *Peer) readSound(t *webrtc.TrackRemote) {
	var h rtp.Header
	var k keypad
	buf := make([]byte, audio.MaxPayload+64)
	for {
		n, _, err := t.Read(buf)
		switch {
		case errors.Is(err, io.EOF), err != nil && p.closed(), errors.Is(err, io.ErrClosedPipe):
			return
		case err != nil:
			p.count.dropped.Add(1)
			if n == 0 {
				return
			}
		default:
			p.take(&h, &k, buf[:n])
		}
	}
}

// take sorts one packet: sound, a digit, or nothing of ours.
func (p *Peer) take(h *rtp.Header, k *keypad, packet []byte) {
	p.touch()
	*h = rtp.Header{CSRC: h.CSRC[:0], Extensions: h.Extensions[:0]}
	n, err := h.Unmarshal(packet)
	if err != nil {
		p.count.dropped.Add(1)
		return
	}
	payload, ok := body(h, packet[n:])
	if !ok || !p.ear.Load() {
		p.count.dropped.Add(1)
		return
	}
	p.track.mu.Lock()
	opus, digits, keypad := p.track.opus, p.track.digits, p.track.keypad
	p.track.mu.Unlock()
	switch {
	case h.PayloadType == opus:
		p.hear(h, payload)
	case keypad && h.PayloadType == digits:
		if d, fresh := k.read(h.Timestamp, payload); fresh {
			p.tell(Event{Kind: Digit, Digit: d})
		}
	default:
		p.count.dropped.Add(1)
	}
}

// body is the payload without its padding; false when there is none.
func body(h *rtp.Header, payload []byte) ([]byte, bool) {
	if h.Padding && len(payload) > 0 {
		pad := int(payload[len(payload)-1])
		if pad == 0 || pad > len(payload) {
			return nil, false
		}
		payload = payload[:len(payload)-pad]
	}
	return payload, len(payload) > 0 && len(payload) <= audio.MaxPayload
}

// hear hands one frame of sound to whoever plays it.
func (p *Peer) hear(h *rtp.Header, payload []byte) {
	now := time.Now()
	p.count.received(now, h.Timestamp, len(payload))
	pkt := p.inbox.blank()
	pkt.Sequence, pkt.Timestamp, pkt.Marker, pkt.Arrival = h.SequenceNumber, h.Timestamp, h.Marker, now
	pkt.Payload = append(pkt.Payload[:0], payload...)
	p.inbox.put(pkt)
	if !p.heard.Swap(true) {
		p.tell(Event{Kind: Heard})
	}
}

// ReadPacket waits for the next frame.
func (p *Peer) ReadPacket(out *audio.Packet) error {
	if p.closed() {
		return io.EOF
	}
	select {
	case got := <-p.inbox.full:
		p.inbox.take(got, out)
		return nil
	case <-p.done:
		return io.EOF
	}
}

// watch tells when the relay falls quiet. Reports count as well as sound: a
// customer who muted may send nothing else.
func (p *Peer) watch() {
	tick := time.NewTicker(max(p.options.Quiet/5, 10*time.Millisecond))
	defer tick.Stop()
	quiet := false
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
		}
		if !p.open.Load() {
			continue
		}
		was := quiet
		switch since := p.since(&p.lastHeard); {
		case since > p.options.Dead:
			p.tell(Event{Kind: Lost})
			return
		default:
			quiet = since > p.options.Quiet
		}
		if quiet != was {
			p.tell(Event{Kind: map[bool]Kind{true: Quiet, false: Back}[quiet]})
		}
	}
}
