package audio_test

import (
	"slices"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
)

// loop is a stream whose packets come back at once, and a device that is
// always ready: what remains is our own work.
type loop struct {
	codec   audio.Codec
	session *audio.Session
	packet  audio.Packet
}

func (l *loop) Codec() audio.Codec { return l.codec }

func (l *loop) WritePacket(payload []byte, samples uint32, marker bool) error {
	l.packet.Payload = payload
	l.session.Received(&l.packet)
	l.packet.Sequence++
	l.packet.Timestamp += samples
	return nil
}

func (l *loop) ReadPacket(*audio.Packet) error { select {} }
func (l *loop) Network() audio.NetworkStats    { return audio.NetworkStats{} }

type instant struct {
	said []int16
	at   int
}

func (d *instant) Read(p []int16) (int, error) {
	if d.at+len(p) > len(d.said) {
		d.at = 0
	}
	d.at += len(p)
	return copy(p, d.said[d.at-len(p):]), nil
}
func (d *instant) Write(p []int16) (int, error) { return len(p), nil }
func (d *instant) Queued() int                  { return 0 }
func (d *instant) Info() audio.DeviceInfo       { return audio.DeviceInfo{} }
func (d *instant) Close() error                 { return nil }

// newLoop is a session that hears itself, and the function that runs it for
// one packet's time.
func newLoop(tb testing.TB, c audio.Codec) (frame func()) {
	enc, dec, err := opus.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	l := &loop{codec: c}
	l.session, err = audio.NewSession(audio.SessionConfig{
		Device: &instant{said: audiotest.Collect(audiotest.Voice(1), 10*int(audio.DeviceRate))},
		Stream: l, Encoder: enc, Decoder: dec,
	})
	if err != nil {
		tb.Fatal(err)
	}
	near, far := make([]int16, audio.DeviceRate.N(audio.Period)), make([]int16, audio.DeviceRate.N(audio.Period))
	return func() {
		for range c.Frame / audio.Period {
			l.session.RunPeriod(near, far)
		}
	}
}

func TestACallAllocatesNothing(t *testing.T) {
	for name, c := range codecs {
		frame := newLoop(t, c)
		for range 50 {
			frame()
		}
		if n := testing.AllocsPerRun(200, frame); n != 0 {
			t.Errorf("%s: %.2f allocations a packet, sent and received", name, n)
		}
	}
}

// BenchmarkCall is one packet sent and one received, microphone to speaker.
func BenchmarkCall(b *testing.B) {
	for name, c := range codecs {
		b.Run(name, func(b *testing.B) {
			frame := newLoop(b, c)
			b.ReportAllocs()
			for b.Loop() {
				frame()
			}
		})
	}
}

// newAlone is what libopus takes of it.
func newAlone(tb testing.TB, c audio.Codec) (frame func()) {
	enc, dec, err := opus.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	said := convert(tb, audiotest.Collect(audiotest.Voice(1), 10*int(audio.DeviceRate)), audio.DeviceRate, c.Rate)
	n, at := c.Rate.N(c.Frame), 0
	buf, pcm := make([]byte, audio.MaxPayload), make([]int16, n)
	return func() {
		if at+n > len(said) {
			at = 0
		}
		p, err := enc.Encode(said[at:at+n], buf)
		if err != nil {
			tb.Fatal(err)
		}
		dec.Decode(p, pcm)
		at += n
	}
}

// BenchmarkOpusAlone is libopus without us.
func BenchmarkOpusAlone(b *testing.B) {
	for name, c := range codecs {
		b.Run(name, func(b *testing.B) {
			frame := newAlone(b, c)
			b.ReportAllocs()
			for b.Loop() {
				frame()
			}
		})
	}
}

// BenchmarkCallOverOpus is the ratio of the two. They take turns, and of each
// the median packet counts: whatever else the machine does befalls both alike.
func BenchmarkCallOverOpus(b *testing.B) {
	for name, c := range codecs {
		b.Run(name, func(b *testing.B) {
			call, alone := newLoop(b, c), newAlone(b, c)
			var calls, alones []time.Duration
			for b.Loop() {
				t0 := time.Now()
				call()
				t1 := time.Now()
				alone()
				calls, alones = append(calls, t1.Sub(t0)), append(alones, time.Since(t1))
			}
			b.ReportMetric(float64(median(calls))/float64(median(alones)), "x-libopus")
			b.ReportMetric(float64(median(alones)), "ns-libopus")
		})
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkJitter is the buffer at work on a bad line.
func BenchmarkJitter(b *testing.B) {
	c := audio.OpusWebRTC
	_, packets := spoken(b, c, 0.1)
	_, dec, err := opus.New(c)
	if err != nil {
		b.Fatal(err)
	}
	j := audio.NewJitter(c, dec)
	pcm := make([]int16, c.Rate.N(audio.Period))
	p := audio.Packet{}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%10 != 3 {
			p.Sequence, p.Timestamp, p.Payload = uint16(i), uint32(i*960), packets[i%len(packets)]
			j.Push(&p)
		}
		j.Pull(pcm)
		j.Pull(pcm)
	}
}
