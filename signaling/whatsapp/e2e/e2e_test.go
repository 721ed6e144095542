package e2e

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/pion/rtp"
)

const (
	callID = "00112233445566778899AABBCCDDEEFF"
	self   = "111111111111111:0@lid"
	peer   = "222222222222222:0@lid"
	ssrc   = 0x12345678
)

var callKey = CallKey(unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"))

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func wantHex(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if hex.EncodeToString(got) != want {
		t.Errorf("%s = %x, want %s", what, got, want)
	}
}

func header(seq uint16, ts uint32, marker bool) *rtp.Header {
	return &rtp.Header{PayloadType: 120, SequenceNumber: seq, Timestamp: ts, SSRC: ssrc, Marker: marker}
}

func TestDevicesAreNamedWithoutResourceAndWithTheirNumber(t *testing.T) {
	for in, want := range map[string]string{
		"111111111111111@lid":             "111111111111111:0@lid",
		"111111111111111:44@lid":          "111111111111111:44@lid",
		"111111111111111:44@lid/resource": "111111111111111:44@lid",
		"5511999999999@s.whatsapp.net":    "5511999999999@s.whatsapp.net",
		"  111111111111111@lid\n":         "111111111111111:0@lid",
		"":                                "",
	} {
		if got := ParticipantID(in); got != want {
			t.Errorf("ParticipantID(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHKDFGivesTheFiguresOfRFC5869(t *testing.T) {
	run := func(first, last byte) []byte {
		var b []byte
		for c := int(first); c <= int(last); c++ {
			b = append(b, byte(c))
		}
		return b
	}
	wantHex(t, "case 1", expand(bytes.Repeat([]byte{0x0b}, 22), run(0, 0x0c), string(run(0xf0, 0xf9)), 42),
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
	wantHex(t, "case 2", expand(run(0, 0x4f), run(0x60, 0xaf), string(run(0xb0, 0xff)), 82),
		"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")
	wantHex(t, "case 3", expand(bytes.Repeat([]byte{0x0b}, 22), nil, "", 42),
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
}

func TestMasterKeysOfBothDevices(t *testing.T) {
	wantHex(t, "the peer's 46 bytes", expand(callKey[:], nil, peer, masterLength),
		"3f5423fb6f67e4c588bf5741a3a4e92c749ee99101a47c82bb5dacec40cfc7b95d387fe9ff466f78db6cc4fdaa30")
	wantHex(t, "our 46 bytes", expand(callKey[:], nil, self, masterLength),
		"e496cf89ad6eea4a589783ee6c9fce31346e065bf26b835511623877e455f7d88aba1f85e58e2246697450dbd731")
	m := callKey.Master(peer)
	wantHex(t, "the peer's key", m.Key[:], "3f5423fb6f67e4c588bf5741a3a4e92c")
	wantHex(t, "the peer's salt", m.Salt[:], "749ee99101a47c82bb5dacec40cf")
	m = callKey.Master(self)
	wantHex(t, "our key", m.Key[:], "e496cf89ad6eea4a589783ee6c9fce31")
	wantHex(t, "our salt", m.Salt[:], "346e065bf26b835511623877e455")
}

func TestStreamNumbersOfBothDevices(t *testing.T) {
	want := map[string][Slots]uint32{
		self: {0xecb6c9e5, 0x90431d6e, 0xb64f48d8, 0x20cc45dd, 0x20a8f1de, 0xfb84eda2, 0x4f2b97b2, 0x18a3d3b4, 0x03b82e21},
		peer: {0x6b9de351, 0x93c780e0, 0x8736c6b5, 0x42ff64f2, 0x895fbb5a, 0x87eff230, 0xecf2e941, 0x689f8c34, 0xa4e60e95},
	}
	for device, all := range want {
		if got := SSRCs(callID, device); got != all {
			t.Errorf("SSRCs of %s = %x, want %x", device, got, all)
		}
	}
	if got := SSRC("CALL-ID-0001", "12345:0@lid", Video); got != 0xf8d70484 {
		t.Errorf("video SSRC = %x, want f8d70484", got)
	}
}

func TestHeadersOfSpeechAndOfComfortNoise(t *testing.T) {
	wantHex(t, "marked speech", appendHeader(nil, header(1, 0, true), false), "90f800010000000012345678debe0000")
	wantHex(t, "first packet", appendHeader(nil, header(1, 0, false), false), "907800010000000012345678debe0000")
	wantHex(t, "comfort noise", appendHeader(nil, header(2, 320, false), true), "907800020000014012345678debe000130010000")
}

func TestOurHeadersReadBackByPion(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var h rtp.Header
		b := appendHeader(nil, header(7, 960, false), quiet)
		n, err := h.Unmarshal(b)
		if err != nil || n != len(b) || h.ExtensionProfile != extensionProfile || h.SequenceNumber != 7 || h.Timestamp != 960 {
			t.Errorf("quiet=%v: %v, %d of %d bytes, %+v", quiet, err, n, len(b), h)
		}
	}
}
