package whatsapp

import (
	"testing"

	"tring/audio"
)

// firstBytes of packets that follow one another every step ticks.
func feed(w *mlowWatch, clock audio.SampleRate, step uint32, payloads ...[]byte) bool {
	for i, p := range payloads {
		if w.sees(&audio.Packet{Sequence: uint16(65530 + i), Timestamp: uint32(i) * step, Payload: p}, clock) {
			return true
		}
	}
	return false
}

func repeat(n int, p ...byte) (list [][]byte) {
	for range n {
		list = append(list, p)
	}
	return list
}

func TestMLowIsToldFromOpus(t *testing.T) {
	for _, c := range []struct {
		name     string
		clock    audio.SampleRate
		step     uint32
		payloads [][]byte
		mlow     bool
	}{
		{"Opus, 60 ms of SILK", 16000, 960, repeat(50, 0x58, 1), false},
		{"Opus, three frames of 20 ms", 16000, 960, repeat(50, 0x4B, 3, 1), false},
		{"Opus with the 48 kHz clock", 48000, 2880, repeat(50, 0x58, 1), false},
		{"Opus of another frame length", 16000, 320, repeat(50, 0x48, 1), false},
		{"MLow speech", 16000, 960, repeat(50, 0x50, 1), true},
		{"MLow speech, low rate", 16000, 960, repeat(50, 0x12, 1), true},
		{"MLow silence only", 16000, 960, repeat(50, 0x90), false},
		{"Opus in the escape", 16000, 960, repeat(50, 0xC8, 1), false},
		{"four packets of MLow", 16000, 960, append(repeat(5, 0x50, 1), repeat(20, 0x58, 1)...), false},
		{"empty packets", 16000, 960, repeat(50), false},
		{"a cut packet", 16000, 960, append(repeat(3, 0x5B), repeat(20, 0x58, 1)...), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := feed(&mlowWatch{}, c.clock, c.step, c.payloads...); got != c.mlow {
				t.Errorf("taken for MLow: %v", got)
			}
		})
	}
}

func TestGapsAreNoSignOfMLow(t *testing.T) {
	var w mlowWatch
	for i := range uint16(100) {
		if w.sees(&audio.Packet{Sequence: 2 * i, Timestamp: uint32(i) * 1920, Payload: []byte{0x58, 1}}, 16000) {
			t.Fatal("lost packets were taken for MLow")
		}
	}
}

func FuzzMLow(f *testing.F) {
	f.Add([]byte{0x50, 1}, uint16(1), uint32(960))
	f.Fuzz(func(_ *testing.T, payload []byte, seq uint16, ts uint32) {
		w := mlowWatch{began: true}
		w.sees(&audio.Packet{Sequence: seq, Timestamp: ts, Payload: payload}, 16000)
	})
}
