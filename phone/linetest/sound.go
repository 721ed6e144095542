package linetest

import (
	"bytes"
	"errors"
	"io"
	"time"

	"tring/audio"
	"tring/phone"
)

// sound sends packets both ways until each side has heard some of the other's,
// unchanged, and was told so.
func (p *pair) sound(a, b phone.Leg) {
	p.Helper()
	if ca, cb := a.Stream().Codec(), b.Stream().Codec(); ca.Name != cb.Name || ca.ClockRate != cb.ClockRate {
		p.Errorf("the caller packs sound as %+v, the callee as %+v", ca, cb)
	}
	toB, toA := p.packets(1), p.packets(2)
	heardByB, heardByA := listen(b.Stream()), listen(a.Stream())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.hears("the callee", heardByB, toB)
		p.hears("the caller", heardByA, toA)
	}()
	p.sendUntil(done, a.Stream(), b.Stream(), toB, toA)
	p.a.Media(a)
	p.b.Media(b)
}

// packets are frames that can be told apart.
func (p *pair) packets(mark byte) [][]byte {
	var out [][]byte
	for i := range byte(10) {
		frame := bytes.Clone(p.Payload)
		// The first byte of an Opus packet is its table of contents: keep it.
		copy(frame[1:], []byte{mark, i})
		out = append(out, frame)
	}
	return out
}

// sendUntil sends frames both ways, as often as their length says.
func (p *pair) sendUntil(done <-chan struct{}, a, b audio.Stream, fromA, fromB [][]byte) {
	p.Helper()
	codec := a.Codec()
	beat := time.NewTicker(codec.Frame)
	defer beat.Stop()
	late := time.After(p.Timeout)
	samples := uint32(codec.ClockRate.N(codec.Frame))
	for i := 0; ; i++ {
		for _, err := range []error{
			a.WritePacket(fromA[i%len(fromA)], samples, i == 0),
			b.WritePacket(fromB[i%len(fromB)], samples, i == 0),
		} {
			if err != nil {
				p.Fatalf("WritePacket: %v", err)
			}
		}
		select {
		case <-done:
			return
		case <-late:
			p.Fatalf("no sound both ways within %v", p.Timeout)
		case <-beat.C:
		}
	}
}

// listen reads a stream to its end. The channel closes when the stream says
// io.EOF, which it must when the leg is released.
func listen(s audio.Stream) <-chan []byte {
	heard := make(chan []byte, 1000)
	go func() {
		defer close(heard)
		var packet audio.Packet
		for {
			err := s.ReadPacket(&packet)
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				continue
			}
			select {
			case heard <- bytes.Clone(packet.Payload):
			default:
			}
		}
	}()
	return heard
}

// enough is how many frames of the other side prove that sound flows.
const enough = 5

// hears waits until enough of the other side's frames arrived unchanged.
func (p *pair) hears(who string, heard <-chan []byte, sent [][]byte) {
	good := 0
	for frame := range heard {
		for _, s := range sent {
			if bytes.Equal(frame, s) {
				good++
				break
			}
		}
		if good == enough {
			return
		}
	}
	p.Errorf("%s heard %d whole frames, want %d", who, good, enough)
}
