package rtc

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"tring/audio"
)

// counts is what passed.
type counts struct {
	packetsOut, bytesOut, packetsIn, bytesIn, dropped atomic.Uint64
	jitter                                            atomic.Int64 // 1/16 sample, RFC 3550 appendix A.8
	transit                                           atomic.Int64
}

func (c *counts) sent(bytes int) {
	c.packetsOut.Add(1)
	c.bytesOut.Add(uint64(bytes))
}

// received notes a packet and how unevenly it came (RFC 3550 section 6.4.1).
func (c *counts) received(at time.Time, timestamp uint32, bytes int) {
	c.bytesIn.Add(uint64(bytes))
	rate := int64(audio.OpusWebRTC.ClockRate)
	arrival := uint32(at.UnixMicro() * (rate / 1000) / 1000)
	transit := int64(int32(arrival - timestamp))
	last := c.transit.Swap(transit)
	if c.packetsIn.Add(1) == 1 {
		return
	}
	d := transit - last
	if d < 0 {
		d = -d
	}
	if d < rate { // a jump of more is a new stretch of sound, no jitter
		c.jitter.Add(d - (c.jitter.Load()+8)>>4)
	}
}

// Network is what the path measured.
func (p *Peer) Network() audio.NetworkStats {
	n := audio.NetworkStats{
		RemoteLoss: float64(p.remoteLoss.Load()) / 256,
		Jitter:     audio.OpusWebRTC.ClockRate.D(int(p.count.jitter.Load() >> 4)),
		Sent:       p.count.packetsOut.Load(), SentBytes: p.count.bytesOut.Load(),
		Received: p.count.packetsIn.Load(), RecvBytes: p.count.bytesIn.Load(),
		Dropped: p.count.dropped.Load(), Encrypted: "at Meta",
	}
	n.Path, n.RTT = p.path()
	return n
}

// path is the pair of addresses in use and the time that a packet takes there
// and back.
func (p *Peer) path() (string, time.Duration) {
	p.mu.Lock()
	pc := p.pc
	p.mu.Unlock()
	// Before that, ICE still writes what is read here.
	if pc == nil || pc.ConnectionState() != webrtc.PeerConnectionStateConnected {
		return "", 0
	}
	if len(pc.GetSenders()) == 0 || pc.GetSenders()[0].Transport() == nil {
		return "", 0
	}
	t := pc.GetSenders()[0].Transport().ICETransport()
	pair, err := t.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return "", 0
	}
	stats, _ := t.GetSelectedCandidatePairStats()
	rtt := time.Duration(stats.CurrentRoundTripTime * float64(time.Second))
	return fmt.Sprintf("%s %s:%d", pair.Local.Typ, pair.Remote.Address, pair.Remote.Port), rtt
}
