package relay

import (
	"bytes"
	"net"
	"net/netip"
	"testing"

	"github.com/pion/stun/v4"
)

func TestOurStunIsWhatPionReads(t *testing.T) {
	const key = "AAECAwQFBgcICQoLDA0ODw=="
	id := [12]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for _, addr := range []string{"192.0.2.7:3478", "[2001:db8::7]:3480"} {
		from := netip.MustParseAddrPort(addr)
		ours := newStun(bindingSuccess, id).mapped(from).errorCode(456, "odd").integrity([]byte(key)).fingerprint()
		m := &stun.Message{Raw: ours.b}
		if err := m.Decode(); err != nil {
			t.Fatal(err)
		}
		if m.Type != stun.BindingSuccess || m.TransactionID != id {
			t.Errorf("pion reads type %s, id %x", m.Type, m.TransactionID)
		}
		if err := stun.NewShortTermIntegrity(key).Check(m); err != nil {
			t.Errorf("integrity: %v", err)
		}
		if err := stun.Fingerprint.Check(m); err != nil {
			t.Errorf("fingerprint: %v", err)
		}
		var mapped stun.XORMappedAddress
		if err := mapped.GetFrom(m); err != nil || !mapped.IP.Equal(net.IP(from.Addr().AsSlice())) || mapped.Port != int(from.Port()) {
			t.Errorf("pion reads address %s (%v), not %s", mapped, err, from)
		}
		var code stun.ErrorCodeAttribute
		if err := code.GetFrom(m); err != nil || code.Code != 456 || string(code.Reason) != "odd" {
			t.Errorf("pion reads error %s (%v)", code, err)
		}
	}
}

func TestPionsStunIsWhatWeRead(t *testing.T) {
	const key = "AAECAwQFBgcICQoLDA0ODw=="
	theirs := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("token:frag"),
		stun.NewShortTermIntegrity(key), stun.Fingerprint)
	m, err := parseStun(theirs.Raw)
	if err != nil {
		t.Fatal(err)
	}
	if name, _ := m.attribute(attrUsername); string(name) != "token:frag" {
		t.Errorf("user name is %q", name)
	}
	if !m.verify([]byte(key)) {
		t.Error("integrity does not hold")
	}
	if m.verify([]byte("another key")) {
		t.Error("integrity holds under another key")
	}
	for at := stunHeader; at < len(theirs.Raw)-32; at++ {
		forged := bytes.Clone(theirs.Raw)
		forged[at] ^= 1
		if m, err := parseStun(forged); err == nil && m.verify([]byte(key)) {
			t.Errorf("integrity holds with byte %d changed", at)
		}
	}
}

func TestIPv6EndpointsAreMaskedInReversedWords(t *testing.T) {
	addr := netip.MustParseAddrPort("[::]:3478")
	id := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	want := []byte{0, 2, 0x0D ^ 0x21, 0x96 ^ 0x12, 0x21, 0x12, 0xA4, 0x42, 4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9}
	if got := xorAddressSwapped(addr, id); !bytes.Equal(got, want) {
		t.Errorf("endpoint is % x, not % x", got, want)
	}
}

func TestBytesThatAreNoStunAreRefused(t *testing.T) {
	good := newStun(bindingRequest, [12]byte{}).add(attrToken, []byte("12345")).b
	change := func(f func([]byte) []byte) []byte { return f(bytes.Clone(good)) }
	for name, b := range map[string][]byte{
		"empty":                      nil,
		"header cut":                 good[:19],
		"attribute cut":              good[:len(good)-4],
		"trailing bytes":             append(bytes.Clone(good), 0, 0, 0, 0),
		"wrong cookie":               change(func(b []byte) []byte { b[4]++; return b }),
		"attribute longer than rest": change(func(b []byte) []byte { b[23] = 200; return b }),
		"too long":                   make([]byte, maxStun+4),
		"media":                      rtp(1, "0123456789"),
	} {
		if _, err := parseStun(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzStun(f *testing.F) {
	key := []byte("AAECAwQFBgcICQoLDA0ODw==")
	f.Add(newStun(allocateRequest, [12]byte{9}).add(attrToken, make([]byte, 194)).integrity(key).b)
	f.Add(newStun(bindingRequest, [12]byte{9}).add(attrUsername, []byte("a:b")).integrity(key).fingerprint().b)
	f.Add(newStun(pingRequest, [12]byte{7}).b)
	f.Add([]byte{0, 1, 0, 4, 0x21, 0x12, 0xA4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseStun(b)
		if err != nil {
			return
		}
		for _, attr := range []uint16{attrUsername, attrToken, attrIntegrity, attrEndpoint, attrFingerprint} {
			value, found := m.attribute(attr)
			if found != m.has(attr) || len(value) > len(b) {
				t.Fatalf("attribute %#x: %d bytes, found %v", attr, len(value), found)
			}
		}
		m.verify(key)
		theirs := &stun.Message{Raw: bytes.Clone(b)}
		if m.kind == pingRequest || theirs.Decode() != nil {
			return
		}
		if got, _ := m.attribute(attrToken); len(got) > 0 {
			if want, _ := theirs.Get(attrToken); !bytes.Equal(got, want) {
				t.Fatalf("token is % x, pion reads % x", got, want)
			}
		}
	})
}
