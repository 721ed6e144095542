package opus

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

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

// What a decoder of MLow is sent must be one of two things, whatever is said.
func TestEscapedProfileSendsOnlyEscapesAndSilence(t *testing.T) {
	for name, s := range map[string]audiotest.Source{
		"a voice": audiotest.Voice(3), "silence": audiotest.Quiet(), "a tone": audiotest.Sine(440, -20),
	} {
		t.Run(name, func(t *testing.T) {
			e, d := newPair(t, audio.OpusEscape)
			silent := 0
			for i, p := range encode(t, e, spoken(t, audio.OpusEscape, s, 100)) {
				if bytes.Equal(p, []byte{SilenceDescriptor}) {
					silent++
				} else if !IsEscape(p) {
					t.Fatalf("packet %d begins with %#x", i, p[0])
				}
				if n, err := d.Duration(p); n != 960 || err != nil {
					t.Fatalf("packet %d lasts %d samples (%v), want 960", i, n, err)
				}
			}
			if (name == "silence") != (silent > 90) {
				t.Errorf("%d of 100 packets are silence", silent)
			}
		})
	}
}

// Three frames of 20 ms behind a count is what the other side knows.
func TestEscapesHoldThreeFramesOfTwentyMilliseconds(t *testing.T) {
	e, _ := newPair(t, audio.OpusEscape)
	for i, p := range encode(t, e, spoken(t, audio.OpusEscape, audiotest.Sine(440, -20), 20)) {
		if p[0] != 0xDD || p[1]&63 != 3 {
			t.Fatalf("packet %d begins with % x, want dd and three frames", i, p[:2])
		}
	}
}

func TestAnEscapedPacketThatDoesNotFitIsRefused(t *testing.T) {
	e, _ := newPair(t, audio.OpusEscape)
	frame := spoken(t, audio.OpusEscape, audiotest.Voice(5), 1)[0]
	for _, room := range []int{0, 1} {
		if p, err := e.Encode(frame, make([]byte, room)); err == nil {
			t.Errorf("% x fits into %d bytes", p, room)
		}
	}
	if p, err := e.Encode(frame, make([]byte, 100)); err != nil || len(p) > 100 {
		t.Errorf("%d bytes (%v), want at most 100", len(p), err)
	}
}

func TestDecodingLeavesAnEscapeAsItIs(t *testing.T) {
	e, d := newPair(t, audio.OpusEscape)
	pcm := make([]int16, 1920)
	for _, packet := range encode(t, e, spoken(t, audio.OpusEscape, audiotest.Voice(5), 20)) {
		kept := bytes.Clone(packet)
		if _, err := d.Decode(packet, pcm); err != nil || !bytes.Equal(kept, packet) {
			t.Fatalf("% x became % x (%v)", kept, packet, err)
		}
	}
}

func TestSilenceBehindAnEscapeIsHeardAsSilence(t *testing.T) {
	e, d := newPair(t, audio.OpusEscape)
	j := audio.NewJitter(audio.OpusEscape, d)
	pcm := make([]int16, 160)
	for i, p := range encode(t, e, spoken(t, audio.OpusEscape, audiotest.Quiet(), 50)) {
		j.Push(&audio.Packet{Sequence: uint16(i), Timestamp: uint32(960 * i), Payload: p})
		for range 6 {
			if j.Pull(pcm); audiotest.Level(pcm) > -70 {
				t.Fatalf("packet %d is heard at %.0f dBFS", i, audiotest.Level(pcm))
			}
		}
	}
	if s := j.Stats(); s.Lost+s.OtherCodec+s.Concealed != 0 || s.Decoded != 50 {
		t.Errorf("%+v, want 50 packets decoded", s)
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

// The frames with which some senders of MLow begin (oxidezap/whatsapp-rust).
func TestPrimingFramesOfMLowAreNotOurs(t *testing.T) {
	for _, frame := range []string{
		"1236262b4ac82b09c91f34c2d67a01731b2e",
		"3236262b4acb1b5fba91687eb8509358e6d0a3a9d71d818c",
		"90b81414c4",
	} {
		_, d := newPair(t, audio.OpusRelay)
		j := audio.NewJitter(audio.OpusRelay, d)
		for i := range 3 {
			j.Push(&audio.Packet{Sequence: uint16(i), Timestamp: uint32(960 * i), Payload: unhex(t, frame)})
		}
		if s := j.Stats(); s.OtherCodec != 3 {
			t.Errorf("%s: %d of 3 told apart", frame, s.OtherCodec)
		}
	}
}
