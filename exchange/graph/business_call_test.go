package graph_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/exchange/graph"
	"tring/exchange/graph/reference"
)

// line is one call of the business.
type line struct {
	*business
	id     string
	answer string
	peer   *reference.Peer
	mu     sync.Mutex
	heard  []int16
}

func (b *business) newLine() *line {
	b.t.Helper()
	p, err := reference.NewPeer(reference.Options{})
	check(b.t, err)
	b.t.Cleanup(func() { p.Close() })
	return &line{business: b, peer: p}
}

// ringing is the n-th call that comes in, with our answer made and not sent.
func (b *business) ringing(n int) *line {
	b.t.Helper()
	e := b.await("connect", n)
	l := b.newLine()
	l.id = e.id
	var err error
	l.answer, err = l.peer.Answer(e.body["session"].(object)["sdp"].(string))
	check(b.t, err)
	return l
}

func (l *line) session() object { return object{"sdp_type": "answer", "sdp": l.answer} }

func (l *line) preAccept() {
	l.act(0, object{"call_id": l.id, "action": "pre_accept", "session": l.session()})
}

func (l *line) accept() {
	l.act(0, object{"call_id": l.id, "action": "accept", "session": l.session()})
}
func (l *line) terminate() { l.act(0, object{"call_id": l.id, "action": "terminate"}) }

// connect waits for the path.
func (l *line) connect() {
	l.t.Helper()
	select {
	case <-l.peer.Connected():
	case <-l.ctx.Done():
		report, _ := l.server.Call(l.id)
		l.t.Fatalf("the path does not stand: %+v", report)
	}
}

// talk says a tone until the test ends, and remembers what it hears.
func (l *line) talk(hz float64) {
	l.t.Helper()
	encoder, decoder, err := opus.New(audio.OpusWebRTC)
	check(l.t, err)
	ctx, stop := context.WithCancel(l.ctx)
	var w sync.WaitGroup
	w.Go(func() { _ = l.peer.Talk(ctx, encoder, audiotest.Sine(hz, -13)) }) // it ends with the call
	w.Go(func() { l.listen(ctx, decoder) })
	l.t.Cleanup(func() { stop(); w.Wait() })
}

func (l *line) listen(ctx context.Context, d audio.Decoder) {
	pcm := make([]int16, 5760)
	for {
		p, err := l.peer.Hear(ctx)
		if err != nil {
			return
		}
		if p.PayloadType != 111 {
			continue
		}
		n, err := d.Decode(p.Payload, pcm)
		if err != nil {
			l.t.Errorf("the relay sent no Opus: %v", err)
		}
		l.mu.Lock()
		l.heard = append(l.heard, pcm[:n]...)
		l.mu.Unlock()
	}
}

// wantTones expects each side to hear the other for half a second.
func (l *line) wantTones(h *graph.Handset, toCustomer, toBusiness float64) {
	l.t.Helper()
	l.until("both hear a second", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.heard) > 48000 && h.Voice().Hearing().Total > time.Second
	})
	l.mu.Lock()
	heard := l.heard[len(l.heard)-24000:]
	l.mu.Unlock()
	audiotest.WantTone(l.t, heard, toBusiness, -10.5, 3)
	audiotest.WantTone(l.t, h.Voice().Heard(500*time.Millisecond), toCustomer, -13.5, 3)
}

// until waits for what has no event.
func (b *business) until(what string, done func() bool) {
	b.t.Helper()
	for !done() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-b.ctx.Done():
			b.t.Fatalf("this did not happen: %s", what)
		}
	}
}

// clean expects that the relay has nothing against the client.
func (l *line) clean() {
	l.t.Helper()
	report, err := l.server.Call(l.id)
	check(l.t, err)
	if len(report.Faults) > 0 {
		l.t.Errorf("the relay complains: %s", strings.Join(report.Faults, "; "))
	}
}
