package e2e

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// Here the figures of oxidezap/whatsapp-rust and purpshell/meowcaller are
// computed by hand, step by step from RFC 3711, and then once more by what the
// program uses.

// derive is the key derivation of RFC 3711 section 4.3.3 for rate 0.
func derive(m Master, label byte, n int) []byte {
	block, _ := aes.NewCipher(m.Key[:])
	iv := make([]byte, 16)
	copy(iv, m.Salt[:])
	iv[7] ^= label
	return keystream(block, iv, n)
}

func keystream(block cipher.Block, iv []byte, n int) []byte {
	out := make([]byte, n)
	cipher.NewCTR(block, iv).XORKeyStream(out, out)
	return out
}

// counterBlock is the IV of RFC 3711 section 4.1.1.
func counterBlock(salt []byte, ssrc uint32, index uint64) []byte {
	iv := make([]byte, 16)
	copy(iv, salt)
	var x [16]byte
	binary.BigEndian.PutUint32(x[4:], ssrc)
	binary.BigEndian.PutUint64(x[6:], index|uint64(binary.BigEndian.Uint16(x[6:]))<<48)
	for i := range iv {
		iv[i] ^= x[i]
	}
	return iv
}

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	for i := range a {
		out[i] = a[i] ^ b[i]
	}
	return out
}

func TestSessionKeysOfBothDevices(t *testing.T) {
	for device, want := range map[string][3]string{
		peer: {"747055a9d18be0fcdc0e29d871309081", "8eff4bb04971d92512b034ce0ebc466059bfc6ea", "10fb8133eff7639cc0d06788f49c"},
		self: {"261bde5b556020e3e6da0f5e3132db57", "56b2655b60a1c17c03dfe94950d5df233481ad41", "44224a8c019b379c4bbf7dda284a"},
	} {
		m := callKey.Master(device)
		for label, n := range []int{16, 20, 14} {
			wantHex(t, device, derive(m, byte(label), n), want[label])
		}
	}
	m := callKey.Master(peer)
	wantHex(t, "RTCP cipher key", derive(m, 3, 16), "b1af338c6cec85a4f4b02c92cdd9eb58")
	wantHex(t, "RTCP auth key", derive(m, 4, 20), "1cdb612a0ec06924c3c59669bbfeb96f0808e702")
	wantHex(t, "RTCP salt", derive(m, 5, 14), "bf59bef19b9ed5ec160013ef4a59")
}

var payload = unhex("102132435465768798a9bacb")

func TestOnePacketStepByStep(t *testing.T) {
	m := callKey.Master(peer)
	iv := counterBlock(derive(m, 2, 14), ssrc, 7)
	wantHex(t, "counter block", iv, "10fb8133fdc335e4c0d06788f49b0000")
	block, _ := aes.NewCipher(derive(m, 0, 16))
	ciphertext := xor(payload, keystream(block, iv, len(payload)))
	wantHex(t, "ciphertext", ciphertext, "17b30591a2650ed7bbae9c5a")
	packet := append(unhex("90f800070000000012345678debe0000"), ciphertext...)
	wantHex(t, "tag", tag4(derive(m, 1, 20), packet, 0), "b746c03a")
	wantHex(t, "tag of another packet", tag4(unhex("8eff4bb04971d92512b034ce0ebc466059bfc6ea"),
		unhex("90780007000003c012345678deadbeef"), 0), "53fada83")
}

// tag4 is what some sources call the WARP or MI tag: SRTP's own, cut to 4 bytes.
func tag4(key, packet []byte, roc uint32) []byte {
	mac := hmac.New(sha1.New, key)
	mac.Write(packet)
	mac.Write(binary.BigEndian.AppendUint32(nil, roc))
	return mac.Sum(nil)[:4]
}

func context(t *testing.T, m Master) *srtp.Context {
	t.Helper()
	c, err := newContext(m, DefaultTag)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWholePackets(t *testing.T) {
	m := callKey.Master(peer)
	for name, c := range map[string]struct {
		header  *rtp.Header
		payload []byte
		roc     uint32
		want    string
	}{
		"speech":              {header(7, 0, true), payload, 0, "90f800070000000012345678debe000017b30591a2650ed7bbae9c5ab746c03a"},
		"comfort noise":       {header(8, 320, false), unhex("58"), 0, "907800080000014012345678debe00013001000024e5b958aa"},
		"speech after a wrap": {header(7, 0, true), payload, 1, "90f800070000000012345678debe00002db58377474e4ac15bd66beb708daa21"},
	} {
		plain := append(appendHeader(nil, c.header, Quiet(c.payload)), c.payload...)
		out := context(t, m)
		out.SetROC(ssrc, c.roc)
		protected, err := out.EncryptRTP(nil, plain, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantHex(t, name, protected, c.want)
		in := context(t, m)
		in.SetROC(ssrc, c.roc)
		opened, err := in.DecryptRTP(nil, protected, nil)
		if err != nil || string(opened) != string(plain) {
			t.Errorf("%s opened as %x: %v", name, opened, err)
		}
	}
}

const report28 = "80c8000612345678ea11180000000000000006400000000500000258"

func TestTheFirstProtectedReport(t *testing.T) {
	protected, err := context(t, callKey.Master(peer)).EncryptRTCP(nil, unhex(report28), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantHex(t, "report", protected, "80c8000612345678ec1515a4ecc540811df43bd3c0f9ec86cb75a187800000014e1dccc5783c23a962c8")
}

// The hop-by-hop layer is not used in calls of two. Its figures are computed
// all the same, because they show that the derivation is understood; the two
// variants contradict each other, as their sources do.
func TestHopKeysOfBothReadings(t *testing.T) {
	hop := unhex("404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d")
	key := func(saltSeed, keySeed []byte, prefix string) (salt, key []byte) {
		salt = expand(saltSeed, nil, prefix+" salt", 32)
		return salt, expand(keySeed, salt, prefix+" key", 30)
	}
	for _, c := range []struct{ reading, prefix, salt, key string }{
		{"a", "uplink hbh srtcp", "501238bf8f996669b5172c9aa47338eb7de4d12ddba98eea1e531a694f894129", "f77854760b4340f0eabbe93930eafe0310c8f699d1ebaf1f609a1781f3fc"},
		{"a", "downlink hbh srtcp", "", "707aad5216a25868eea63a32403b9d0c643644f691145e02b6d7d3776301"},
		{"a", "hbh srtcp", "", "4ad41608b1fe681b56e8230ba5fea1060de1e767fb1275d4dcf85ce3cea9"},
		{"a", "hbh srtp", "", "693a8070145a5d26d39183593d1b648e895a8a3f2354ab38e718cbd93822"},
		{"b", "uplink hbh srtcp", "9088f25e840d4eef0e0712f186dfd6d75d43dfcd8a115937dbb02d29bb329e93", "d7c293861dccfc246ce7c66b498e7d50e92424ae12c54f79c9131eac0a94"},
		{"b", "downlink hbh srtcp", "", "f36477eda5137117afac57a96976795b042eaae7006c93b56600976f72ad"},
	} {
		seeds := map[string][2][]byte{"a": {hop[:14], hop[14:]}, "b": {hop[16:], hop[:16]}}[c.reading]
		salt, got := key(seeds[0], seeds[1], c.prefix)
		wantHex(t, c.reading+" "+c.prefix, got, c.key)
		if c.salt != "" {
			wantHex(t, c.reading+" salt of "+c.prefix, salt, c.salt)
		}
	}
}

func TestTheHopLayerOfReadingA(t *testing.T) {
	var m Master
	b := unhex("f77854760b4340f0eabbe93930eafe0310c8f699d1ebaf1f609a1781f3fc")
	copy(m.Key[:], b)
	copy(m.Salt[:], b[16:])
	for label, want := range []string{
		"cf8c0c31437c9a5ab292cbdaa533c2c0", "b012d6003068b460da0121866712a335987d72b8", "30879d9e6a76f04e7349f40066a7",
		"f065528cfce4757f444bb8b5892aad7c", "6e6b37a126a522302a578c9713d38e85606048eb", "54bc95ca04c05be16456f0f12dc0",
	} {
		wantHex(t, "label", derive(m, byte(label), len(want)/2), want)
	}
	protected, err := context(t, m).EncryptRTCP(nil, unhex(report28), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantHex(t, "report", protected, "80c80006123456787d74643dbb62b23f5005bf9b4296de885c3ff6e280000001cc486281b0510f8b2a83")
	block, _ := aes.NewCipher(derive(m, 0, 16))
	iv := counterBlock(derive(m, 2, 14), ssrc, 7)
	wantHex(t, "payload", xor(payload, keystream(block, iv, len(payload))), "363ea223cb020f6d58cea9ee")
}

// SFrame is not sent in voice calls either; its figures pin the use of the
// call key's two halves.
func TestFrameKeysAndOneFrame(t *testing.T) {
	key := func(device string) []byte {
		return expand(callKey[16:], callKey[:16], "e2e sframe key"+device, 32)
	}
	wantHex(t, "the peer's key", key(peer), "e77cc4666a53d2264ba278b3e2b9ba1cc41ac0e3b587b09db3dd3fa646d51ae9")
	wantHex(t, "our key", key(self), "07e656b474ef306e7e5353f94057a8904821c0f2247b867c102e7ef4cc0dd95c")
	nonce := binary.LittleEndian.AppendUint64(make([]byte, 8), 5)
	wantHex(t, "nonce", nonce, "00000000000000000500000000000000")
	block, _ := aes.NewCipher(key(peer)[:16])
	gcm, err := cipher.NewGCMWithNonceSize(block, len(nonce))
	if err != nil {
		t.Fatal(err)
	}
	trailer := []byte{5, 0, 3}
	wantHex(t, "frame", append(gcm.Seal(nil, nonce, payload, nil), trailer...), "e5ef789f9fa501842a9ff5f54cc12a630d12008f1bb39060c951724f050003")
}
