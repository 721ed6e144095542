package e2e

import (
	"time"

	"tring/audio"
)

// Reception is what is known of the stream that we hear and of what the far
// end says about ours, kept as RFC 3550 sections 6.4 and A.3 prescribe. The
// zero value with Rate set has received nothing.
type Reception struct {
	SSRC uint32           // whom reports name, even before anything came
	Rate audio.SampleRate // of the timestamps

	started       bool
	began         time.Time // any fixed instant: only differences of transit times matter
	first         uint32    // extended sequence numbers
	highest       uint32
	received      uint64
	lastTransit   int64 // in timestamp units
	jitter        float64
	expectedPrior uint32
	receivedPrior uint64

	lastReport   uint32 // of the far end, middle of its NTP time
	lastReportAt time.Time

	rtt        time.Duration
	remoteLoss float64
}

// Restart forgets the stream, for another one with another SSRC.
func (r *Reception) Restart(ssrc uint32) { *r = Reception{SSRC: ssrc, Rate: r.Rate} }

// Packet counts one packet that was authentic and new.
func (r *Reception) Packet(sequence uint16, timestamp uint32, at time.Time) {
	r.received++
	if !r.started {
		r.started, r.began, r.first, r.highest, r.lastTransit = true, at, uint32(sequence), uint32(sequence), -int64(timestamp)
		return
	}
	transit := int64(uint32(r.Rate.N(at.Sub(r.began)))) - int64(timestamp)
	if ahead := int16(sequence - uint16(r.highest)); ahead > 0 {
		r.highest += uint32(ahead)
	}
	difference := int64(int32(transit - r.lastTransit)) // both clocks wrap
	r.lastTransit = transit
	r.jitter += (float64(max(difference, -difference)) - r.jitter) / 16
}

// Jitter is RFC 3550's estimate of how unevenly packets arrive.
func (r *Reception) Jitter() time.Duration {
	if r.Rate == 0 {
		return 0
	}
	return time.Duration(r.jitter / float64(r.Rate) * float64(time.Second))
}

// RTT is the last measured time there and back, 0 when none is known.
func (r *Reception) RTT() time.Duration { return r.rtt }

// RemoteLoss is the share of our packets that the far end missed in its last
// report, 0..1.
func (r *Reception) RemoteLoss() float64 { return r.remoteLoss }

// Received is how many packets were authentic and new.
func (r *Reception) Received() uint64 { return r.received }

// report closes the interval since the last report.
func (r *Reception) report(now time.Time) reportBlock {
	b := reportBlock{SSRC: r.SSRC, Highest: r.highest, Jitter: uint32(r.jitter), LastReport: r.lastReport}
	if !r.lastReportAt.IsZero() {
		b.Delay = uint32(min(now.Sub(r.lastReportAt), time.Hour) * 65536 / time.Second)
	}
	if !r.started {
		return b
	}
	expected := r.highest - r.first + 1
	b.Lost = clampLost(int64(expected) - int64(r.received))
	interval := expected - r.expectedPrior
	lost := int64(interval) - int64(r.received-r.receivedPrior)
	if interval > 0 && lost > 0 {
		b.FractionLost = uint8(min(lost*256/int64(interval), 255))
	}
	r.expectedPrior, r.receivedPrior = expected, r.received
	return b
}

// clampLost fits a count into the 24 signed bits of a report.
func clampLost(n int64) int32 { return int32(min(max(n, -1<<23), 1<<23-1)) }

// heard takes what the far end said about our stream.
func (r *Reception) heard(b reportBlock, now time.Time) {
	r.remoteLoss = float64(b.FractionLost) / 256
	if b.LastReport == 0 {
		return
	}
	// RFC 3550 figure 2: now minus our report minus their pause. Clocks that
	// were set meanwhile give nonsense, which is left out.
	units := int32(ntpMiddle(now) - b.LastReport - b.Delay)
	rtt := time.Duration(units) * time.Second / 65536
	if rtt >= 0 && rtt < time.Minute {
		r.rtt = rtt
	}
}
