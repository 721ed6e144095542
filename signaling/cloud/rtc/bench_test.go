package rtc

import (
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/audio"
	"tring/signaling/cloud/cloudtest"
	"tring/signaling/cloud/sdp"
)

// BenchmarkReceive is one packet through our part of the way in: header,
// gate, inbox, reader.
func BenchmarkReceive(b *testing.B) {
	p := New(Options{}, func(Event) {})
	p.track.opus = opusType
	p.Listen()
	packet := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: opusType}, Payload: make([]byte, 60)}
	raw, err := packet.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	var h rtp.Header
	var k keypad
	out := audio.Packet{Payload: make([]byte, 0, audio.MaxPayload)}
	b.ReportAllocs()
	for b.Loop() {
		p.take(&h, &k, raw)
		if err := p.ReadPacket(&out); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSend is one packet from WritePacket into the socket, encryption
// included.
func BenchmarkSend(b *testing.B) {
	relay, err := cloudtest.NewRelay()
	if err != nil {
		b.Fatal(err)
	}
	defer relay.Close()
	linked := make(chan struct{}, 1)
	p := New(Options{Loopback: true, Quiet: time.Hour, Dead: time.Hour}, func(e Event) {
		if e.Kind == Linked {
			linked <- struct{}{}
		}
	})
	defer p.Close()
	offer, err := relay.Offer(cloudtest.Live)
	if err != nil {
		b.Fatal(err)
	}
	remote, err := sdp.CheckRemote(offer)
	if err != nil {
		b.Fatal(err)
	}
	own, err := p.Answer(b.Context(), remote)
	if err != nil {
		b.Fatal(err)
	}
	if err := relay.Accept(own); err != nil {
		b.Fatal(err)
	}
	<-linked
	p.Start()
	payload := make([]byte, 60)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.WritePacket(payload, samples, false); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzTake(f *testing.F) {
	packet := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: opusType}, Payload: make([]byte, 60)}
	raw, _ := packet.Marshal()
	f.Add(raw)
	packet.PayloadType, packet.Payload = digitsType, []byte{5, 10, 0, 160}
	raw, _ = packet.Marshal()
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := New(Options{}, func(Event) {})
		p.track.opus, p.track.digits, p.track.keypad = opusType, digitsType, true
		p.Listen()
		var h rtp.Header
		var k keypad
		for range 3 {
			p.take(&h, &k, raw)
		}
		if n := p.Network(); n.Received+n.Dropped > 3 {
			t.Errorf("three packets became %d and %d", n.Received, n.Dropped)
		}
	})
}
