package rtc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"tring/audio"
	"tring/signaling/cloud/cloudtest"
	"tring/signaling/cloud/sdp"
)

const patient = 10 * time.Second

// pair is a peer, its relay and what the peer told.
type pair struct {
	*testing.T
	peer   *Peer
	relay  *cloudtest.Relay
	events chan Event
}

func newPair(t *testing.T) *pair {
	t.Helper()
	relay, err := cloudtest.NewRelay()
	if err != nil {
		t.Fatal(err)
	}
	events := make(chan Event, 1000)
	o := Options{Loopback: true, Quiet: 500 * time.Millisecond, Dead: 2 * time.Second}
	p := &pair{t, New(o, func(e Event) { events <- e }), relay, events}
	t.Cleanup(func() {
		if err := errors.Join(p.peer.Close(), relay.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *pair) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *pair) await(kind Kind) Event {
	p.Helper()
	late := time.After(patient)
	for {
		select {
		case e := <-p.events:
			if e.Kind == kind {
				return e
			}
		case <-late:
			p.Fatalf("event %d did not come", kind)
		}
	}
}

// answered has the customer call: the path stands, nothing is accepted yet.
func (p *pair) answered(style cloudtest.Style) string {
	p.Helper()
	offer, err := p.relay.Offer(style)
	p.must(err)
	remote, err := sdp.CheckRemote(offer)
	p.must(err)
	own, err := p.peer.Answer(p.Context(), remote)
	p.must(err)
	p.must(p.relay.Accept(own))
	p.await(Linked)
	<-p.relay.Linked
	return own
}

func (p *pair) start() {
	p.relay.Open()
	p.peer.Start()
}

func TestSoundFlowsBothWaysInBothOfMetasStyles(t *testing.T) {
	for name, style := range map[string]cloudtest.Style{"as documented": cloudtest.Documented, "as seen live": cloudtest.Live} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			p.answered(style)
			p.start()
			p.hearsBoth()
			p.await(Heard)
		})
	}
}

func TestSoundFlowsBothWaysWhenWeOffer(t *testing.T) {
	for name, style := range map[string]cloudtest.Style{"as documented": cloudtest.Documented, "as seen live": cloudtest.Live} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			own, err := p.peer.Offer(t.Context())
			p.must(err)
			answer, err := p.relay.Answer(own, style)
			p.must(err)
			remote, err := sdp.CheckRemote(answer)
			p.must(err)
			p.must(p.peer.Apply(remote))
			p.must(p.peer.Apply(remote)) // webhooks come twice
			p.await(Linked)
			<-p.relay.Linked
			p.start()
			p.hearsBoth()
			p.await(Heard)
		})
	}
}

// hearsBoth speaks on both ends until both heard it.
func (p *pair) hearsBoth() {
	p.Helper()
	ours, theirs := []byte{0xF8, 1, 2, 3}, []byte{0xF8, 4, 5, 6}
	heard := make(chan error, 1)
	go func() {
		var pkt audio.Packet
		for {
			if err := p.peer.ReadPacket(&pkt); err != nil || bytes.Equal(pkt.Payload, theirs) {
				heard <- err
				return
			}
		}
	}()
	tick := time.NewTicker(frame)
	defer tick.Stop()
	late := time.After(patient)
	var gotOurs, gotTheirs bool
	for !gotOurs || !gotTheirs {
		p.must(p.peer.WritePacket(ours, samples, false))
		p.must(p.relay.Send(theirs))
		select {
		case <-tick.C:
		case got := <-p.relay.Got():
			gotOurs = gotOurs || bytes.Equal(got.Payload, ours)
		case err := <-heard:
			p.must(err)
			gotTheirs = true
		case <-late:
			p.Fatalf("heard by the relay: %v, by us: %v", gotOurs, gotTheirs)
		}
	}
	if n := p.peer.Network(); n.Sent == 0 || n.Received == 0 || n.Path == "" {
		p.Errorf("the network's figures are %+v", n)
	}
}

func TestNothingLeavesBeforeStartAndThenWithoutGaps(t *testing.T) {
	p := newPair(t)
	p.answered(cloudtest.Live)
	for range 20 {
		p.must(p.peer.WritePacket([]byte{0xF8, 9}, samples, false))
		time.Sleep(frame / 4)
	}
	if n := p.relay.Early.Load(); n != 0 || len(p.relay.Got()) != 0 {
		t.Fatalf("%d packets left before the call was accepted", n)
	}
	opened := time.Now()
	p.start()
	var last cloudtest.Packet
	for i := range 50 { // a second in which nobody gives us sound
		got := <-p.relay.Got()
		switch {
		case i == 0 && got.At.Sub(opened) > 10*frame:
			t.Errorf("the first packet came after %v", got.At.Sub(opened))
		case i > 0 && got.Header.SequenceNumber != last.Header.SequenceNumber+1:
			t.Errorf("sequence %d follows %d", got.Header.SequenceNumber, last.Header.SequenceNumber)
		case i > 0 && got.Header.Timestamp-last.Header.Timestamp != samples:
			t.Errorf("the clock moved by %d", got.Header.Timestamp-last.Header.Timestamp)
		case i > 0 && got.Header.SSRC != last.Header.SSRC || got.Header.Extension:
			t.Error("another source, or an extension that nobody agreed to")
		}
		last = got
	}
}

func TestDigitsComeOnceEachWithoutTheirEnd(t *testing.T) {
	p := newPair(t)
	p.answered(cloudtest.Live)
	p.start()
	for _, code := range []byte{1, 2, 3, 4, 11} {
		p.must(p.relay.Send([]byte{0xF8, 7}))
		p.must(p.relay.Press(code))
	}
	var got string
	for range 5 {
		got += string(p.await(Digit).Digit)
	}
	if got != "1234#" {
		t.Errorf("digits %q", got)
	}
	p.hearsBoth() // sound goes on
}

func TestDigitsAreSentOnTheSoundsOwnSource(t *testing.T) {
	p := newPair(t)
	p.answered(cloudtest.Live)
	p.start()
	p.must(p.peer.SendDigits(t.Context(), "5#"))
	events := map[uint32][]cloudtest.Packet{}
	source := uint32(0)
	for len(p.relay.Got()) > 0 {
		got := <-p.relay.Got()
		if source == 0 {
			source = got.Header.SSRC
		}
		if got.Header.SSRC != source {
			t.Fatal("digits have a source of their own")
		}
		if got.Header.PayloadType == digitsType {
			events[got.Header.Timestamp] = append(events[got.Header.Timestamp], got)
		}
	}
	if len(events) != 2 {
		t.Fatalf("%d digits left, want 2", len(events))
	}
	for _, packets := range events {
		if n := len(packets); n != toneFrames+endFrames || packets[n-1].Payload[1]&0x80 == 0 || !packets[0].Header.Marker {
			t.Errorf("a digit had %d packets: %v", n, packets)
		}
	}
	if err := p.peer.SendDigits(t.Context(), "x"); err == nil {
		t.Error("x is no key")
	}
}

func TestARelayThatFallsSilentIsToldAndThenLost(t *testing.T) {
	p := newPair(t)
	p.answered(cloudtest.Live)
	p.start()
	p.must(p.relay.Send([]byte{0xF8, 1}))
	p.await(Quiet)
	p.must(p.relay.Send([]byte{0xF8, 1}))
	p.await(Back)
	p.await(Lost)
}

func TestAClosedPeerSaysSo(t *testing.T) {
	p := newPair(t)
	p.answered(cloudtest.Live)
	p.must(p.peer.Close())
	var pkt audio.Packet
	if err := p.peer.ReadPacket(&pkt); !errors.Is(err, io.EOF) {
		t.Errorf("ReadPacket: %v", err)
	}
	if err := p.peer.WritePacket(silence, samples, false); !errors.Is(err, io.EOF) {
		t.Errorf("WritePacket: %v", err)
	}
	if _, err := p.peer.Offer(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("Offer: %v", err)
	}
}

func TestWhatIsSaidBeforeThePathStandsIsHeard(t *testing.T) {
	p := newPair(t)
	own, err := p.peer.Offer(t.Context())
	p.must(err)
	answer, err := p.relay.Answer(own, cloudtest.Live)
	p.must(err)
	remote, err := sdp.CheckRemote(answer)
	p.must(err)
	p.start()
	say := func(frame byte) { p.must(p.peer.WritePacket([]byte{0xF8, 7, frame}, samples, frame == 0)) }
	for frame := range byte(maxEarly + 2) {
		say(frame)
	}
	p.must(p.peer.Apply(remote))
	p.await(Linked)
	<-p.relay.Linked
	late := time.After(patient)
	for next := byte(2); next < maxEarly+5; { // the two oldest made room
		say(maxEarly + 2)
		select {
		case got := <-p.relay.Got():
			if len(got.Payload) != 3 || got.Payload[1] != 7 {
				continue // silence
			}
			if frame := got.Payload[2]; frame != min(next, maxEarly+2) {
				t.Fatalf("frame %d came, want %d", frame, next)
			}
			next++
		case <-time.After(20 * time.Millisecond):
		case <-late:
			t.Fatalf("frame %d was not heard", next)
		}
	}
}
