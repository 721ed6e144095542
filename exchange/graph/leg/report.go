package leg

import (
	"fmt"
	"time"
)

// Report is what the relay saw of a client.
type Report struct {
	Checks     int  `json:"checks"`         // STUN messages
	Deaf       int  `json:"checks_ignored"` // before the relay listened
	Nominated  bool `json:"nominated"`      // the client chose the path, as it must
	Controlled bool `json:"controlled"`     // it left the choice to the relay, which cannot make it
	Early      int  `json:"early_media"`    // SRTP packets before the call was accepted
	EarlyRTCP  int  `json:"early_rtcp"`     // allowed
	RTCP       int  `json:"rtcp"`           // all of them
	Packets    int  `json:"packets"`        // SRTP, all of them
	Bytes      int  `json:"bytes"`          //
	Digits     int  `json:"digit_packets"`  //
	Lost       int  `json:"lost"`           // sequence numbers that never came
	OffBeat    int  `json:"off_beat"`       // packets that are not 20 ms apart
	Unknown    int  `json:"unknown_types"`  // packets of payload types that were not agreed
	Extensions int  `json:"extensions"`     // packets with header extensions that were not agreed
	Sources    int  `json:"sources"`        // SSRCs
	Sent       int  `json:"sent"`           // packets toward the client
	SentBytes  int  `json:"sent_bytes"`     //
	Handshakes int  `json:"dtls_packets"`   //
	Connected  bool `json:"connected"`      // the path stands or stood
	Accepted   bool `json:"accepted"`       // sound may pass

	FirstMedia time.Duration `json:"first_media"` // after the call was accepted
	Drift      time.Duration `json:"drift"`       // how far the client's RTP clock ran ahead
	lastMedia  time.Time
	lastAny    time.Time
	opened     time.Time
}

// Report says what was seen until now.
func (l *Leg) Report() Report {
	l.out.mu.Lock()
	sent, sentBytes := l.out.sent, l.out.bytes
	l.out.mu.Unlock()
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	r := l.wire.report()
	r.Sent, r.SentBytes = sent, sentBytes
	select {
	case <-l.connected:
		r.Connected = true
	default:
	}
	return r
}

func (w *wire) report() Report {
	g, n := &w.guard, &w.ledger
	r := Report{
		Checks: g.seen[check], Deaf: g.deaf, Nominated: g.nominated, Controlled: g.controlled,
		Early: g.early, EarlyRTCP: g.earlyCtrl, RTCP: g.seen[control], Handshakes: g.seen[handshake],
		Packets: n.packets, Bytes: n.bytes, Digits: n.digits, Lost: n.lost, OffBeat: n.offBeat,
		Unknown: n.unknown, Extensions: n.extensions, Sources: len(n.sources), Drift: n.drift(),
		Accepted: !g.opened.IsZero(), lastMedia: g.last, lastAny: g.lastAny, opened: g.opened,
	}
	if !g.first.IsZero() {
		r.FirstMedia = g.first.Sub(g.opened)
	}
	return r
}

// Faults are the sentences for what a client must not do; none for a good one.
func (r Report) Faults() []string {
	var out []string
	for _, rule := range []struct {
		broken bool
		text   string
	}{
		{r.Early > 0, fmt.Sprintf("%d packets of media came before the call was accepted", r.Early)},
		{r.Controlled, "the client was ICE-controlled, but the relay is ice-lite"},
		{r.Connected && !r.Nominated, "the client chose no path"},
		{r.Sources > 1, fmt.Sprintf("the sound came from %d sources", r.Sources)},
		{r.Unknown > 0, fmt.Sprintf("%d packets had payload types that were not agreed", r.Unknown)},
		{r.Extensions > 0, fmt.Sprintf("%d packets had header extensions that were not agreed", r.Extensions)},
		{r.OffBeat > 0, fmt.Sprintf("%d packets were not 20 ms after the one before", r.OffBeat)},
	} {
		if rule.broken {
			out = append(out, rule.text)
		}
	}
	return out
}

// Silence says for how long the client has sent nothing at now: media since the
// call was accepted, and media or RTCP at all. Both are zero before that.
func (r Report) Silence(now time.Time) (sinceMedia, sinceAny time.Duration, spoken bool) {
	if r.opened.IsZero() {
		return 0, 0, false
	}
	since := func(t time.Time) time.Duration {
		if t.Before(r.opened) {
			t = r.opened
		}
		return now.Sub(t)
	}
	return since(r.lastMedia), since(r.lastAny), !r.lastMedia.IsZero()
}
