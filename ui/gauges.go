package ui

import (
	"fmt"
	"time"

	"tring/phone"
)

// gauges is what a call has measured so far.
type gauges struct {
	levels  phone.Levels
	quality phone.Quality
	mic     history // dB above the meter's floor, one a second
	peer    history
	loss    history // percent
	remote  history
	jitter  history // milliseconds
	rtt     history
	buffer  history
	sampled time.Time // when the histories last grew
	moments []moment  // what happened during the call
	muted   time.Time // since when the other side is muted
	rec     time.Time // since when it is being recorded
}

// moment is one thing that happened in a call.
type moment struct {
	at   time.Time
	text string
}

// momentsKept bounds the list of what happened in one call.
const momentsKept = 100

// quietLevels is nothing at all, before anything has been measured.
var quietLevels = phone.Levels{Mic: phone.Silence, MicPeak: phone.Silence, Peer: phone.Silence, PeerPeak: phone.Silence}

// gauges are the measurements of a call; they are made when first asked for.
func (d *desk) gauges(id string) *gauges {
	if g, ok := d.meters[id]; ok {
		return g
	}
	g := &gauges{levels: quietLevels}
	d.meters[id] = g
	return g
}

// take notes a reading; the histories grow once a second.
func (g *gauges) take(now time.Time, l phone.Levels, q phone.Quality) {
	g.levels, g.quality = l, q
	if now.Sub(g.sampled) < time.Second {
		return
	}
	g.sampled = now
	g.mic.add(max(l.Mic-meterFloor, 0))
	g.peer.add(max(l.Peer-meterFloor, 0))
	g.loss.add(q.Loss * 100)
	g.remote.add(q.RemoteLoss * 100)
	g.jitter.add(milliseconds(q.Jitter))
	g.rtt.add(milliseconds(q.RTT))
	g.buffer.add(milliseconds(q.Buffer))
}

func (g *gauges) note(at time.Time, text string) {
	if len(g.moments) >= momentsKept {
		g.moments = g.moments[1:]
	}
	g.moments = append(g.moments, moment{at, text})
}

// inMilliseconds writes a short time for people.
func inMilliseconds(d time.Duration) string { return fmt.Sprintf("%.0f ms", milliseconds(d)) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
