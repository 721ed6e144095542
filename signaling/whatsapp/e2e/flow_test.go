package e2e

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/audio"
)

// ends is the caller's way out and the callee's way in.
func ends(t testing.TB, tag int) (*Outbound, *Inbound) {
	t.Helper()
	m := callKey.Master(self)
	out, err := NewOutbound(OutboundConfig{Master: m, SSRC: SSRC(callID, self, Audio), PayloadType: 120, TagLength: tag, CNAME: "66778@pj899aab.org"})
	if err != nil {
		t.Fatal(err)
	}
	in, err := NewInbound(m, 120, tag)
	if err != nil {
		t.Fatal(err)
	}
	return out, in
}

// send protects one frame and keeps it.
func send(t testing.TB, out *Outbound, payload []byte) []byte {
	t.Helper()
	b, err := out.Packet(payload, 960)
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(nil), b...)
}

func TestSoundSurvivesTheWayForEveryTagLength(t *testing.T) {
	for _, tag := range []int{1, 4, 10, 20} {
		out, in := ends(t, tag)
		for i, payload := range [][]byte{unhex("58"), make([]byte, 130), make([]byte, audio.MaxPayload)} {
			packet := send(t, out, payload)
			if want := 16 + len(payload) + tag; len(payload) > 2 && len(packet) != want {
				t.Errorf("tag %d: a payload of %d bytes makes %d, want %d", tag, len(payload), len(packet), want)
			}
			var p audio.Packet
			if err := in.RTP(packet, &p); err != nil {
				t.Fatalf("tag %d, packet %d: %v", tag, i, err)
			}
			if string(p.Payload) != string(payload) || p.Sequence != uint16(i+1) || p.Timestamp != uint32(i)*960 {
				t.Errorf("tag %d: packet %d came as sequence %d, timestamp %d, %d bytes", tag, i, p.Sequence, p.Timestamp, len(p.Payload))
			}
		}
	}
}

func TestSizesOnTheWire(t *testing.T) {
	out, _ := ends(t, DefaultTag)
	for length, want := range map[int]int{12: 32, 1: 25, 5: 25} {
		payload := make([]byte, length)
		payload[0] = 0x58
		if got := len(send(t, out, payload)); got != want {
			t.Errorf("%d bytes make %d on the wire, want %d", length, got, want)
		}
	}
}

func TestSequenceWrapsTwiceWithLossAndStaysReadable(t *testing.T) {
	out, in := ends(t, DefaultTag)
	random := rand.New(rand.NewPCG(1, 2))
	sent, read := 0, 0
	var p audio.Packet
	for i := range 140_000 {
		packet, err := out.Packet([]byte{0x58, byte(i), 3}, 960)
		if err != nil {
			t.Fatal(err)
		}
		if random.Float64() < .14 {
			continue
		}
		sent++
		if err := in.RTP(packet, &p); err == nil && p.Payload[1] == byte(i) {
			read++
		}
	}
	if read != sent {
		t.Errorf("read %d of %d packets over two wraps", read, sent)
	}
}

func TestPacketsAreRefusedWithTheirReason(t *testing.T) {
	out, in := ends(t, DefaultTag)
	var p audio.Packet
	first := send(t, out, make([]byte, 40))
	if err := in.RTP(first, &p); err != nil {
		t.Fatal(err)
	}
	forged := send(t, out, make([]byte, 40))
	forged[30] ^= 1
	alien := send(t, out, make([]byte, 40))
	alien[8] ^= 1
	padded := send(t, out, make([]byte, 40))
	padded[0] |= 0x20
	for name, c := range map[string]struct {
		packet []byte
		want   error
	}{
		"a copy":                       {first, ErrReplayed},
		"a changed payload":            {forged, ErrForged},
		"a changed header":             {padded, ErrForged},
		"another stream":               {alien, ErrForeign},
		"nothing":                      {nil, ErrMalformed},
		"a header alone":               {first[:16], ErrMalformed},
		"a header that ends too early": {[]byte{0x9F, 120, 0, 1}, ErrMalformed},
		"more than any packet":         {make([]byte, 4000), ErrMalformed},
	} {
		if err := in.RTP(c.packet, &p); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); err != nil {
		t.Errorf("after all that, a good packet: %v", err)
	}
}

func TestAForgedPacketDoesNotMoveTheRollover(t *testing.T) {
	out, in := ends(t, DefaultTag)
	var p audio.Packet
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); err != nil {
		t.Fatal(err)
	}
	forged := send(t, out, make([]byte, 40))
	for sequence := range 0xFFFF {
		forged[2], forged[3] = byte(sequence>>8), byte(sequence)
		if err := in.RTP(forged, &p); err == nil && sequence != 2 {
			t.Fatalf("a forged packet with sequence %d was taken", sequence)
		}
	}
	for range 100 {
		if err := in.RTP(send(t, out, make([]byte, 40)), &p); err != nil {
			t.Fatalf("a good packet after forged ones: %v", err)
		}
	}
}

func TestAnotherDeviceCannotBeRead(t *testing.T) {
	out, _ := ends(t, DefaultTag)
	in, err := NewInbound(callKey.Master("111111111111111:44@lid"), 120, DefaultTag)
	if err != nil {
		t.Fatal(err)
	}
	var p audio.Packet
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); !errors.Is(err, ErrForged) {
		t.Errorf("a packet of device 0 read as device 44: %v", err)
	}
}

func TestTheFirstAuthenticStreamIsLatchedWhateverItsNumber(t *testing.T) {
	m := callKey.Master(self)
	out, err := NewOutbound(OutboundConfig{Master: m, SSRC: 42, PayloadType: 120, TagLength: DefaultTag})
	if err != nil {
		t.Fatal(err)
	}
	in, _ := NewInbound(m, 120, DefaultTag)
	var p audio.Packet
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); err != nil {
		t.Fatal(err)
	}
	if got, ok := in.SSRC(); !ok || got != 42 {
		t.Errorf("latched %d, %v", got, ok)
	}
}

func TestOtherPayloadTypesAreForeign(t *testing.T) {
	m := callKey.Master(self)
	out, err := NewOutbound(OutboundConfig{Master: m, SSRC: 42, PayloadType: 121, TagLength: DefaultTag})
	if err != nil {
		t.Fatal(err)
	}
	in, _ := NewInbound(m, 120, DefaultTag)
	var p audio.Packet
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); !errors.Is(err, ErrForeign) {
		t.Errorf("payload type 121: %v", err)
	}
}

func TestFramesBeyondTheLimitAreNotSent(t *testing.T) {
	out, _ := ends(t, DefaultTag)
	if _, err := out.Packet(make([]byte, audio.MaxPayload+1), 960); !errors.Is(err, ErrOversized) {
		t.Errorf("an oversized frame: %v", err)
	}
}

func TestTagsBeyondHMACAreRefused(t *testing.T) {
	for _, tag := range []int{-1, 0, 21} {
		if _, err := NewInbound(Master{}, 120, tag); err == nil {
			t.Errorf("a tag of %d bytes was accepted", tag)
		}
	}
}

func TestTheTimestampCanSkipWithoutAGapInTheSequence(t *testing.T) {
	out, in := ends(t, DefaultTag)
	var p audio.Packet
	in.RTP(send(t, out, make([]byte, 40)), &p)
	out.Skip(9600)
	if err := in.RTP(send(t, out, make([]byte, 40)), &p); err != nil || p.Sequence != 2 || p.Timestamp != 10560 {
		t.Errorf("after a skip: %v, sequence %d, timestamp %d", err, p.Sequence, p.Timestamp)
	}
}

// BenchmarkPion is the baseline: the same packet through pion/rtp and
// pion/srtp as their examples use them.
func BenchmarkPion(b *testing.B) {
	m := callKey.Master(self)
	out, err := newContext(m, DefaultTag)
	if err != nil {
		b.Fatal(err)
	}
	in, _ := newContext(m, DefaultTag)
	packet := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 120, SSRC: 1}, Payload: make([]byte, 130)}
	b.ReportAllocs()
	for b.Loop() {
		packet.SequenceNumber++
		plain, err := packet.Marshal()
		if err != nil {
			b.Fatal(err)
		}
		protected, err := out.EncryptRTP(nil, plain, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := in.DecryptRTP(nil, protected, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProtect(b *testing.B) {
	out, _ := ends(b, DefaultTag)
	payload := make([]byte, 130)
	payload[0] = 0x58
	b.ReportAllocs()
	for b.Loop() {
		if _, err := out.Packet(payload, 960); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProtectAndOpen(b *testing.B) {
	out, in := ends(b, DefaultTag)
	payload := make([]byte, 130)
	payload[0] = 0x58
	var p audio.Packet
	b.ReportAllocs()
	for b.Loop() {
		packet, err := out.Packet(payload, 960)
		if err != nil {
			b.Fatal(err)
		}
		if err := in.RTP(packet, &p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	out, in := ends(b, DefaultTag)
	heard := &Reception{SSRC: 1, Rate: 16000}
	now := time.Unix(1718000000, 0)
	b.ReportAllocs()
	for b.Loop() {
		packet, err := out.Report(heard, now)
		if err != nil {
			b.Fatal(err)
		}
		if err := in.RTCP(packet, 1, heard, now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDeriveKeys is what answering costs: both devices' keys and stream
// numbers, and a context each for sending and receiving.
func BenchmarkDeriveKeys(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		own, far := callKey.Master(self), callKey.Master(peer)
		streams := SSRCs(callID, self)
		if _, err := NewOutbound(OutboundConfig{Master: own, SSRC: streams[Audio], PayloadType: 120, TagLength: DefaultTag}); err != nil {
			b.Fatal(err)
		}
		if _, err := NewInbound(far, 120, DefaultTag); err != nil {
			b.Fatal(err)
		}
		if SSRC(callID, peer, Audio) == 0 {
			b.Fatal("the peer has no stream")
		}
	}
}
