package relay

import (
	"encoding/hex"
	"hash/crc32"
	"net/netip"
	"testing"

	"github.com/pion/stun/v4"

	"tring/signaling/whatsapp/e2e"
)

// The figures are those of oxidezap/whatsapp-rust and purpshell/meowcaller.

var (
	figureID    = transaction{0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab}
	figureToken = []byte{0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80}
)

const figureKey = "0123456789abcdef"

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
		t.Errorf("%s = %x\nwant %s", what, got, want)
	}
}

func TestIntegrityAndChecksum(t *testing.T) {
	m := newSTUN(nil, allocateRequest, figureID).attribute(attrToken, figureToken)
	wantHex(t, "token", m[stunHeader:], "400000081020304050607080")
	m = m.integrity(figureKey)
	wantHex(t, "with integrity", m, "000300242112a442a0a1a2a3a4a5a6a7a8a9aaab4000000810203040506070800008001450c96f7efef837bbde7e1f534dae139816d3e015")
	wantHex(t, "with checksum", m.checksum(), "0003002c2112a442a0a1a2a3a4a5a6a7a8a9aaab4000000810203040506070800008001450c96f7efef837bbde7e1f534dae139816d3e01580280004ade1f63c")
	if got := crc32.ChecksumIEEE([]byte("abc")); got != 891568578 {
		t.Errorf("CRC-32 of abc = %d", got)
	}
}

func TestTheKeyOfIntegrityIsTheText(t *testing.T) {
	const text = "AAECAwQFBgcICQoLDA0ODw=="
	wantHex(t, "key", []byte(ParseBlock(Node{Children: []Node{{Tag: "key", Content: []byte(text)}}}).Key),
		"41414543417751464267634943516f4c4441304f44773d3d")
}

func TestEndpointsAreMasked(t *testing.T) {
	wantHex(t, "IPv4", maskEndpoint(netip.MustParseAddrPort("157.240.226.133:3478"), figureID), "00012c84bce246c7")
	wantHex(t, "IPv6", maskEndpoint(netip.MustParseAddrPort("[2001:db8::1]:3478"), figureID), "00022c840113a9faa3a2a1a0a7a6a5a4abaaa9a9")
}

func TestTheRegistrationOfTheWebClient(t *testing.T) {
	captured := [e2e.Slots]uint32{ // by slot; streamOrder puts them in the order of the capture
		e2e.Audio: 0x45c15e4a, e2e.AudioFEC: 0xa5cbd625, e2e.AudioNACK: 0xff399256,
		e2e.Video: 0xa6c7aef7, e2e.VideoFEC: 0xde6c662b, e2e.VideoNACK: 0x515bed5a,
		e2e.HopFECSend: 0xb1db34c5, e2e.HopFECReceive: 0xf6cc617d, e2e.AppData: 0x965dcbb0,
	}
	wantHex(t, "streams", describeStreams(captured),
		"0a0618cabc85ae040a08100118a5acafae0a0a08100218d6a4e6f90f0a08080118f7dd9eb60a0a0a0801100118abccb1f30d0a0a0801100218dadaef8a050a08080218c5e9ec8e0b0a0a0802100118fdc2b1b60f0a0a0802100218b097f7b209")
	a := allocation{Token: figureToken, Endpoint: netip.MustParseAddrPort("157.240.226.133:3478"), Streams: captured, Key: figureKey}
	wantHex(t, "captured streams", a.message(figureID),
		"000300942112a442a0a1a2a3a4a5a6a7a8a9aaab400000081020304050607080402400600a0618cabc85ae040a08100118a5acafae0a0a08100218d6a4e6f90f0a08080118f7dd9eb60a0a0a0801100118abccb1f30d0a0a0801100218dadaef8a050a08080218c5e9ec8e0b0a0a0802100118fdc2b1b60f0a0a0802100218b097f7b2090016000800012c84bce246c700080014816c90841f948115ce794ef87726c00ff74220c7")
	a.Streams = e2e.SSRCs("00112233445566778899AABBCCDDEEFF", "111111111111111:0@lid")
	wantHex(t, "derived streams", a.message(figureID),
		"000300942112a442a0a1a2a3a4a5a6a7a8a9aaab4000000810203040506070804024005f0a0618e593dbe50e0a08100118eeba8c82090a08100218dee3a385020a08080118d891bdb20b0a0a0801100118dd8bb186020a0a0801100218a2db93dc0f0a08080218b4a78fc5010a090802100118a1dce01d0a0a0802100218b2afaef904000016000800012c84bce246c70008001467f499b1c26d3576e85e031223fdc23b00fe1b8f")
}

func TestPingsAndAnswers(t *testing.T) {
	wantHex(t, "ping", newSTUN(nil, pingRequest, figureID), "080100002112a442a0a1a2a3a4a5a6a7a8a9aaab")
	wantHex(t, "pong", newSTUN(nil, pingAnswer, figureID), "080200002112a442a0a1a2a3a4a5a6a7a8a9aaab")
	wantHex(t, "answer to consent", answerBinding(figureID, figureKey), "010100202112a442a0a1a2a3a4a5a6a7a8a9aaab00080014d6cde6a87881ea4c7c05ba1e4abe359295810a3480280004a0ef9301")
}

func TestTheRegistrationByBinding(t *testing.T) {
	wantHex(t, "subscription", subscription(0x12345678), "0a0a18f8acd1910128003000")
	b := binding{Username: "dG9rZW4=:abcd", TieBreaker: 0x0102030405060708, Subscribe: 0x12345678, Key: figureKey}
	wantHex(t, "binding", b.message(figureID), "000100582112a442a0a1a2a3a4a5a6a7a8a9aaab0006000d644739725a57343d3a616263640000000024000400ffffff802a000801020304050607084000000c0a0a18f8acd191012800300000080014fb448523dda0e8431026946ce4251e58463fc94c802800041d4b4c47")
}

func TestARelaysAnswersAreRead(t *testing.T) {
	taken := unhex("010300242112a442a0a1a2a3a4a5a6a7a8a9aaab40330008010203040506070800080014177456947a2cd49e70e5720e49d70928c24641b1")
	wantHex(t, "built like the figure", newSTUN(nil, allocateSuccess, figureID).attribute(attrConnection, unhex("0102030405060708")).integrity(figureKey), hex.EncodeToString(taken))
	m, err := parseSTUN(taken)
	if err != nil || m.kind() != allocateSuccess || m.id() != figureID {
		t.Fatalf("read as %x: %v", m, err)
	}
	if !m.authentic(figureKey) || m.authentic("another") {
		t.Error("integrity is not checked")
	}
	if id, at := m.find(attrConnection); at == 0 || hex.EncodeToString(id) != "0102030405060708" {
		t.Errorf("connection %x", id)
	}
	refused, err := parseSTUN(unhex("011300082112a442a0a1a2a3a4a5a6a7a8a9aaab0009000400000438"))
	if err != nil || refused.refusal().Code != 456 {
		t.Errorf("refusal %v, %v", refused.refusal(), err)
	}
}

func TestPionReadsOurMessages(t *testing.T) {
	b := answerBinding(figureID, figureKey)
	m := &stun.Message{Raw: b}
	if err := m.Decode(); err != nil {
		t.Fatal(err)
	}
	if err := stun.NewShortTermIntegrity(figureKey).Check(m); err != nil {
		t.Error(err)
	}
	if err := stun.Fingerprint.Check(m); err != nil {
		t.Error(err)
	}
}

func TestMessagesThatDoNotHoldTogetherAreRefused(t *testing.T) {
	good := newSTUN(nil, allocateSuccess, figureID).attribute(attrConnection, []byte("12345678"))
	change := func(at int, to byte) []byte {
		b := append([]byte(nil), good...)
		b[at] = to
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                       nil,
		"half a header":                 good[:10],
		"a length beyond the end":       change(3, 200),
		"a length that is not of words": change(3, 11),
		"another cookie":                change(4, 0),
		"an attribute beyond the end":   change(23, 200),
		"half an attribute header":      append(newSTUN(nil, allocateSuccess, figureID)[:3:3], append([]byte{2}, append(good[4:20:20], 1, 2)...)...),
	} {
		if m, err := parseSTUN(b); err == nil {
			t.Errorf("%s: read as %x", name, m)
		}
	}
	if _, err := parseSTUN(append(change(3, 12), "behind it"...)); err != nil {
		t.Errorf("bytes behind the message: %v", err)
	}
	pong := newSTUN(nil, pingAnswer, figureID)
	pong[4] = 0
	if _, err := parseSTUN(pong); err != nil {
		t.Errorf("a pong without cookie: %v", err)
	}
}

func TestRefusalsSayWhatTheyMean(t *testing.T) {
	for code, want := range map[int]string{
		401: "the relay refused the call: it does not accept the call's key (code 401)",
		500: "the relay refused the call with code 500",
	} {
		if got := (Refusal{code}).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
