package opus

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"testing"

	"tring/audio"
	"tring/audio/audiotest"
)

func newPair(t testing.TB, c audio.Codec) (*encoder, *decoder) {
	t.Helper()
	enc, dec, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return enc.(*encoder), dec.(*decoder)
}

// spoken is n frames of sound at the codec's rate, frame by frame.
func spoken(t testing.TB, c audio.Codec, s audiotest.Source, n int) [][]int16 {
	t.Helper()
	r, err := audio.NewResampler(audio.DeviceRate, c.Rate)
	if err != nil {
		t.Fatal(err)
	}
	frames := make([][]int16, n)
	for i := range frames {
		frames[i] = make([]int16, c.Rate.N(c.Frame))
		wide := audiotest.Collect(s, audio.DeviceRate.N(c.Frame))
		for rest := frames[i]; len(rest) > 0; rest = rest[c.Rate.N(audio.Period):] {
			r.Convert(rest, wide[:audio.DeviceRate.N(audio.Period)])
			wide = wide[audio.DeviceRate.N(audio.Period):]
		}
	}
	return frames
}

func encode(t testing.TB, e *encoder, frames [][]int16) (packets [][]byte) {
	t.Helper()
	buf := make([]byte, audio.MaxPayload)
	for _, f := range frames {
		p, err := e.Encode(f, buf)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(p))
	}
	return packets
}

var profiles = map[string]audio.Codec{"relay": audio.OpusRelay, "escape": audio.OpusEscape, "WebRTC": audio.OpusWebRTC}

func TestAToneSurvives(t *testing.T) {
	for name, c := range profiles {
		t.Run(name, func(t *testing.T) {
			e, d := newPair(t, c)
			var heard []int16
			pcm := make([]int16, c.Rate.N(c.Frame))
			for _, p := range encode(t, e, spoken(t, c, audiotest.Sine(440, -20), 100)) {
				n, err := d.Decode(p, pcm)
				if err != nil || n != len(pcm) {
					t.Fatalf("Decode: %d samples, %v", n, err)
				}
				heard = append(heard, pcm...)
			}
			tone := audiotest.FindTone(heard[len(heard)-int(c.Rate):], c.Rate)
			if tone.Hz < 439 || tone.Hz > 441 || tone.Level < -21 || tone.Level > -19 {
				t.Errorf("heard %+v, want 440 Hz at -20 dBFS", tone)
			}
		})
	}
}

// The relays' peers expect SILK wideband, 60 ms, mono, one frame: 0x58.
func TestRelayPacketsBeginWith58(t *testing.T) {
	e, d := newPair(t, audio.OpusRelay)
	for i, p := range encode(t, e, spoken(t, audio.OpusRelay, audiotest.Voice(3), 100)) {
		if p[0] != 0x58 {
			t.Fatalf("packet %d begins with %#x, want 0x58", i, p[0])
		}
		if n, err := d.Duration(p); n != 960 || err != nil {
			t.Fatalf("packet %d lasts %d samples (%v), want 960", i, n, err)
		}
	}
}

func TestSilenceIsOneByteInTheRelaysProfile(t *testing.T) {
	e, _ := newPair(t, audio.OpusRelay)
	packets := encode(t, e, spoken(t, audio.OpusRelay, audiotest.Quiet(), 60))
	short := 0
	for _, p := range packets[20:] {
		if len(p) == 1 && p[0] == 0x58 {
			short++
		}
	}
	if short < 30 {
		t.Errorf("%d of 40 silent packets are the byte 0x58, want most", short)
	}
}

func TestASteadyToneIsNotTakenForSilence(t *testing.T) {
	e, _ := newPair(t, audio.OpusRelay)
	for i, p := range encode(t, e, spoken(t, audio.OpusRelay, audiotest.Sine(440, -30), 100)) {
		if len(p) < 10 {
			t.Fatalf("packet %d of a tone has %d bytes", i, len(p))
		}
	}
}

func TestRedundancyIsSwitchedByReportedLoss(t *testing.T) {
	e, _ := newPair(t, audio.OpusWebRTC)
	voice := audiotest.Voice(5)
	redundant := func(loss float64) int {
		e.SetLoss(loss)
		n := 0
		for _, p := range encode(t, e, spoken(t, audio.OpusWebRTC, voice, 100)) {
			if HasFEC(p) {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		loss float64
		on   bool
	}{{0, false}, {0.02, false}, {0.03, true}, {0.02, true}, {0.2, true}, {0.005, false}, {0.02, false}, {-1, false}, {7, true}} {
		if n := redundant(step.loss); step.on != (n > 30) || !step.on && n > 1 { // one may be left over
			t.Errorf("at %.1f %% loss %d of 100 packets carry a copy, want that to be %v", 100*step.loss, n, step.on)
		}
	}
}

func TestTheRelaysProfileSendsNoRedundancy(t *testing.T) {
	e, _ := newPair(t, audio.OpusRelay)
	e.SetLoss(0.3)
	for _, p := range encode(t, e, spoken(t, audio.OpusRelay, audiotest.Voice(5), 100)) {
		if HasFEC(p) {
			t.Fatal("a packet carries a copy of the one before")
		}
	}
}

func TestALostPacketComesBackFromTheNext(t *testing.T) {
	c := audio.OpusWebRTC
	e, lossy := newPair(t, c)
	_, whole := newPair(t, c)
	e.SetLoss(0.1)
	packets := encode(t, e, spoken(t, c, audiotest.Voice(2), 400))
	want, got := make([]int16, c.Rate.N(c.Frame)), make([]int16, c.Rate.N(c.Frame))
	alike, n := 0.0, 0
	for i, p := range packets[:399] {
		if _, err := whole.Decode(p, want); err != nil {
			t.Fatal(err)
		}
		decode := lossy.Decode
		lost := i%10 == 5 && HasFEC(packets[i+1])
		if lost {
			p, decode = packets[i+1], lossy.DecodeFEC
		}
		if _, err := decode(p, got); err != nil {
			t.Fatal(err)
		}
		if lost && audiotest.Level(want) > -40 {
			alike += likeness(want, got)
			n++
		}
	}
	if n < 10 || alike/float64(n) < 0.85 {
		t.Errorf("%d packets were restored, on average %.2f like the lost ones", n, alike/float64(n))
	}
}

// likeness is the correlation of two frames.
func likeness(a, b []int16) float64 {
	var ab, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb+1)
}

// The library takes the capacity of a slice for its length.
func TestNothingIsWrittenBeyondTheLengthOfASlice(t *testing.T) {
	c := audio.OpusRelay
	e, d := newPair(t, c)
	packets := encode(t, e, spoken(t, c, audiotest.Voice(7), 3))
	room := make([]int16, 5760)
	for i := range room {
		room[i] = 0x5AA5
	}
	n := c.Rate.N(c.Frame)
	for name, f := range map[string]func([]int16) (int, error){
		"Decode":    func(pcm []int16) (int, error) { return d.Decode(packets[0], pcm) },
		"Conceal":   d.Conceal,
		"DecodeFEC": func(pcm []int16) (int, error) { return d.DecodeFEC(packets[1], pcm) },
	} {
		if got, err := f(room[:n]); err != nil || got != n {
			t.Errorf("%s: %d, %v", name, got, err)
		}
		for i := n; i < len(room); i++ {
			if room[i] != 0x5AA5 {
				t.Fatalf("%s wrote sample %d of %d", name, i, n)
			}
		}
	}
	if _, err := d.Decode(packets[0], room[:n/2]); err == nil {
		t.Error("Decode into half a frame says that it fitted")
	}
	buf := make([]byte, 1500)
	if _, err := e.Encode(make([]int16, n/2), buf); !errors.Is(err, errFrameSize) {
		t.Errorf("Encode of half a frame: %v", err)
	}
}

func TestOtherCodecsAndRatesAreRefused(t *testing.T) {
	for _, c := range []audio.Codec{
		{Name: "mlow", Rate: 16000},
		{Name: "opus", Rate: 44100, ClockRate: 48000, Frame: audio.OpusWebRTC.Frame},
	} {
		if _, _, err := New(c); err == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, p := range []struct {
		packet string
		rate   audio.SampleRate
		want   int // −1: not a packet
	}{
		{"58", 16000, 960},
		{"58", 48000, 2880},
		{"50", 16000, 640},
		{"10", 16000, 640},
		{"90", 16000, 160},
		{"48", 16000, 320},
		{"12", 16000, 1280},
		{"59aabb", 16000, 1920},
		{"5b01aa", 16000, 960},
		{"4b03aaaaaa", 16000, 960},
		{"f8", 48000, 960},
		{"e0", 48000, 120},
		{"fb06", 48000, 5760},
		{"fb07", 48000, -1},
		{"5b03", 16000, -1},
		{"4b", 16000, -1},
		{"4b00", 16000, -1},
		{"", 16000, -1},
	} {
		packet, _ := hex.DecodeString(p.packet)
		got, err := Duration(packet, p.rate)
		if (err != nil) != (p.want < 0) || err == nil && got != p.want {
			t.Errorf("%s at %d Hz: %d, %v; want %d", p.packet, p.rate, got, err, p.want)
		}
	}
}

func TestNothingAllocates(t *testing.T) {
	for name, c := range profiles {
		e, d := newPair(t, c)
		frame := spoken(t, c, audiotest.Voice(9), 1)[0]
		buf, pcm := make([]byte, audio.MaxPayload), make([]int16, len(frame))
		n := testing.AllocsPerRun(50, func() {
			e.SetLoss(0.1)
			p, _ := e.Encode(frame, buf)
			d.Duration(p)
			d.HasFEC(p)
			d.Decode(p, pcm)
			d.Conceal(pcm)
			d.DecodeFEC(p, pcm)
		})
		if n != 0 {
			t.Errorf("%s: %.0f allocations a packet", name, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"58", "90", "bb03010203040506", "dd03010203040506", "ba02010203", "fb3f", "7b4300"} {
		b, _ := hex.DecodeString(seed)
		f.Add(b)
	}
	_, relay := newPair(f, audio.OpusRelay)
	_, webrtc := newPair(f, audio.OpusWebRTC)
	pcm := make([]int16, 5760)
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, d := range []*decoder{relay, webrtc} {
			want, durationErr := d.Duration(packet)
			got, err := d.Decode(packet, pcm)
			if err == nil && (durationErr != nil || got != want) {
				t.Errorf("% x lasts %d (%v) but decodes to %d", packet, want, durationErr, got)
			}
			HasFEC(packet)
		}
		if escaped, err := ToEscape(nil, packet); err == nil && len(escaped) > 1 {
			if back, err := FromEscape(bytes.Clone(escaped)); err != nil || !sameSound(t, back, packet) {
				t.Errorf("% x became % x and % x (%v)", packet, escaped, back, err)
			}
		}
	})
}

// sameSound says that both packets have the same configuration and frames.
func sameSound(t *testing.T, a, b []byte) bool {
	var x, y frames
	if x.split(a) != nil || y.split(b) != nil || x.n != y.n || a[0]>>2 != b[0]>>2 {
		return false
	}
	for i := range x.n {
		if !bytes.Equal(x.data[i], y.data[i]) {
			return false
		}
	}
	return true
}

func BenchmarkEncode(b *testing.B) {
	for name, c := range profiles {
		b.Run(name, func(b *testing.B) {
			e, _ := newPair(b, c)
			frames := spoken(b, c, audiotest.Voice(1), 50)
			buf := make([]byte, audio.MaxPayload)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e.Encode(frames[i%len(frames)], buf)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, c := range profiles {
		b.Run(name, func(b *testing.B) {
			e, d := newPair(b, c)
			packets := encode(b, e, spoken(b, c, audiotest.Voice(1), 50))
			pcm := make([]int16, c.Rate.N(c.Frame))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				d.Decode(packets[i%len(packets)], pcm)
			}
		})
	}
}
