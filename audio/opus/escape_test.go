package opus

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/hraban/opus"

	"tring/audio"
	"tring/audio/audiotest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The figures are those of oxidezap/whatsapp-rust.
func TestEscapesHaveTheKnownFigures(t *testing.T) {
	for name, v := range map[string]struct{ opus, mlow string }{
		"two equal frames get a count":   {"b901020304", "dd0201020304"},
		"two unequal frames get a count": {"ba02010203", "dd8202010203"},
		"a frame count is kept":          {"bb03010203040506", "dd03010203040506"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ToEscape(nil, unhex(t, v.opus))
			if err != nil || hex.EncodeToString(got) != v.mlow {
				t.Errorf("escape of %s is %x (%v), want %s", v.opus, got, err, v.mlow)
			}
			back, err := FromEscape(got)
			if err != nil || !sameSound(t, back, unhex(t, v.opus)) {
				t.Errorf("%s came back as %x (%v)", v.opus, back, err)
			}
		})
	}
}

func TestSilenceBecomesTheSilenceDescriptor(t *testing.T) {
	for _, packet := range []string{"b8", "bb03", "bb03fffefffefffe", "bb830200fffe", "58"} {
		got, err := ToEscape(nil, unhex(t, packet))
		if err != nil || !bytes.Equal(got, []byte{SilenceDescriptor}) {
			t.Errorf("%s became %x (%v), want 90", packet, got, err)
		}
	}
}

func TestWhatHasASILKPartCannotEscape(t *testing.T) {
	for _, packet := range []string{"58010203", "7801020304"} {
		if _, err := ToEscape(nil, unhex(t, packet)); !errors.Is(err, ErrNoEscape) {
			t.Errorf("%s: %v, want ErrNoEscape", packet, err)
		}
	}
	if _, err := FromEscape(unhex(t, "58")); !errors.Is(err, ErrNoEscape) {
		t.Errorf("58 is taken for an escape: %v", err)
	}
}

// celt is a stream of 60 ms in three CELT frames, as a sender of MLow may
// escape it.
func celt(t testing.TB, n int) (packets [][]byte) {
	t.Helper()
	lib, err := opus.NewEncoder(16000, 1, opus.AppRestrictedLowdelay)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, audio.MaxPayload)
	for _, frame := range spoken(t, audio.OpusRelay, audiotest.Sine(440, -20), n) {
		k, err := lib.Encode(frame, buf)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(buf[:k]))
	}
	return packets
}

func TestEscapedPacketsAreHeard(t *testing.T) {
	_, d := newPair(t, audio.OpusRelay)
	var heard []int16
	pcm := make([]int16, 1920)
	for _, packet := range celt(t, 50) {
		escaped, err := ToEscape(nil, packet)
		if err != nil {
			t.Fatal(err)
		}
		kept := bytes.Clone(escaped)
		if n, err := d.Duration(escaped); n != 960 || err != nil {
			t.Fatalf("an escape lasts %d samples (%v), want 960", n, err)
		}
		n, err := d.Decode(escaped, pcm)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, escaped) {
			t.Fatal("Decode changed the packet")
		}
		heard = append(heard, pcm[:n]...)
	}
	if tone := audiotest.FindTone(heard[16000:], 16000); tone.Hz < 438 || tone.Hz > 442 || tone.Purity < 0.9 {
		t.Errorf("heard %+v, want 440 Hz", tone)
	}
}

// Plain MLow decodes without an error, as noise: the session must be able to
// tell it by its duration, and must never play it.
func TestPlainMLowIsToldByItsDurationAndNeverPlayed(t *testing.T) {
	_, d := newPair(t, audio.OpusRelay)
	for _, first := range []byte{0x50, 0x57, 0x10, 0x48, 0x90} {
		j := audio.NewJitter(audio.OpusRelay, d)
		pcm := make([]int16, 160)
		for i := range 20 {
			payload := []byte{first, 0x26, 0x2b, 0x4a, 0xc8, 0x2b, 0x09, 0xc9, 0x1f, 0x34, byte(i)}
			j.Push(&audio.Packet{Sequence: uint16(i), Timestamp: uint32(960 * i), Payload: payload})
			for range 6 {
				j.Pull(pcm)
				for _, v := range pcm {
					if v != 0 {
						t.Fatalf("%#x: packet %d is heard", first, i)
					}
				}
			}
		}
		s := j.Stats()
		if s.OtherCodec != 20 || s.Decoded != 0 {
			t.Errorf("%#x: %d of 20 told apart, %d decoded", first, s.OtherCodec, s.Decoded)
		}
		if voiced := first != SilenceDescriptor; s.Mismatch != voiced {
			t.Errorf("%#x: mismatch %v, want %v", first, s.Mismatch, voiced)
		}
	}
}
