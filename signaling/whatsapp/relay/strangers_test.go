package relay

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// How others announce their streams. We send the web client's form; these are
// computed because a relay, and the one of the exchange, is sent them too.

const (
	attrNativeSender  = 0x4023
	attrSubscriptions = 0x4025
)

// message is field 1 of a message that holds the parts.
func message(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), all)
}

func number(field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.VarintType), v)
}

func text(field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(nil, field, protowire.BytesType), s)
}

func TestStreamsAsOthersAnnounceThem(t *testing.T) {
	const own, theirs = 0x12345678, 0x9abcdef0
	zigzag := number(3, protowire.EncodeZigZag(own))
	for name, c := range map[string]struct {
		kind uint16
		got  []byte
		want string
	}{
		"with participants": {
			attrStreams,
			append(message(number(1, 1), number(2, 1), number(3, own)), message(number(1, 2), number(2, 1), number(3, theirs))...),
			"0a0a0801100118f8acd191010a0a0802100118f0bdf3d509",
		},
		"a phone's sender": {attrNativeSender, binary.BigEndian.AppendUint32([]byte{1}, own), "0112345678"},
		"a phone's subscription": {
			attrSubscriptions,
			message(message(number(1, protowire.EncodeZigZag(own)))), "0a080a0608f0d9a2a302",
		},
		"a phone's subscription with its participant": {
			attrSubscriptions,
			message(message(number(1, protowire.EncodeZigZag(own)), text(2, string(append(number(1, protowire.EncodeZigZag(7)), text(2, "audio")...))))),
			"0a130a1108f0d9a2a3021209080e1205617564696f",
		},
		"a phone's streams": {
			attrStreams,
			message(text(1, "audio"), text(2, "OPUS"), zigzag, number(4, 0)), "0a150a05617564696f12044f50555318f0d9a2a3022000",
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantHex(t, "built", c.got, c.want)
			m, err := parseSTUN(newSTUN(nil, allocateRequest, figureID).attribute(attrToken, figureToken).attribute(c.kind, c.got).integrity(figureKey))
			if err != nil {
				t.Fatal(err)
			}
			if value, at := m.find(c.kind); at == 0 || !m.authentic(figureKey) {
				t.Errorf("read as %x", value)
			} else {
				wantHex(t, "read", value, c.want)
			}
		})
	}
}

// With the mask of RFC 8489 relays answered 452 to an IPv6 endpoint: ours must
// differ from it in the transaction's part and there alone.
func TestTheIPv6EndpointIsNotMaskedAsRFC8489Says(t *testing.T) {
	const refused = "00022c840113a9faa0a1a2a3a4a5a6a7a8a9aaaa"
	to := netip.MustParseAddrPort("[2001:db8::1]:3478")
	ours := maskEndpoint(to, figureID)
	asRFC := append(append([]byte(nil), ours[:8]...), figureID[:]...)
	for i, b := range to.Addr().As16() {
		if i >= 4 {
			asRFC[4+i] = figureID[i-4] ^ b
		}
	}
	wantHex(t, "as the RFC says", asRFC, refused)
	wantHex(t, "our first half", ours[:8], refused[:16])
	wantHex(t, "our second half", ours[8:], "a3a2a1a0a7a6a5a4abaaa9a9")
}
