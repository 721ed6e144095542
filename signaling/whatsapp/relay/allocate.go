package relay

import (
	"encoding/binary"
	"net/netip"

	"google.golang.org/protobuf/encoding/protowire"

	"tring/signaling/whatsapp/e2e"
)

// allocation is what a leg registers itself with.
type allocation struct {
	Token    []byte
	Endpoint netip.AddrPort // as advertised, whichever port was dialled
	Streams  [e2e.Slots]uint32
	Key      string
}

// message is the Allocate request of WhatsApp's web profile: token, streams,
// endpoint, integrity, and nothing else (evidence: oxidezap/whatsapp-rust,
// purpshell/meowcaller, vinikjkkj/zapo).
func (a allocation) message(id transaction) stunMessage {
	return newSTUN(nil, allocateRequest, id).
		attribute(attrToken, a.Token).
		attribute(attrStreams, describeStreams(a.Streams)).
		attribute(attrEndpoint, maskEndpoint(a.Endpoint, id)).
		integrity(a.Key)
}

// streamOrder is how the streams are announced: for sound, picture and the
// hop itself each the stream proper, its error correction, its repeats.
var streamOrder = [e2e.Slots]e2e.Slot{
	e2e.Audio, e2e.AudioFEC, e2e.AudioNACK,
	e2e.Video, e2e.VideoFEC, e2e.VideoNACK,
	e2e.HopFECSend, e2e.HopFECReceive, e2e.AppData,
}

// describeStreams is the protobuf that announces our streams: nine times
// { group, kind, SSRC }, zeros left out.
func describeStreams(ssrcs [e2e.Slots]uint32) []byte {
	var list []byte
	for i, slot := range streamOrder {
		var one []byte
		one = appendNumber(one, 1, uint64(i/3))
		one = appendNumber(one, 2, uint64(i%3))
		one = appendNumber(one, 3, uint64(ssrcs[slot]))
		list = protowire.AppendTag(list, 1, protowire.BytesType)
		list = protowire.AppendBytes(list, one)
	}
	return list
}

func appendNumber(b []byte, field protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

// maskEndpoint is an address as attribute 0x0016 carries it. The part of an
// IPv6 address behind the cookie is masked with the transaction id read as
// words of the other byte order: with RFC 8489's order relays answer 452
// (evidence: vinikjkkj/zapo).
func maskEndpoint(to netip.AddrPort, id transaction) []byte {
	be, le := binary.BigEndian, binary.LittleEndian
	family := byte(1)
	if to.Addr().Is6() {
		family = 2
	}
	b := be.AppendUint16([]byte{0, family}, to.Port()^stunCookie>>16)
	mask := be.AppendUint32(nil, stunCookie)
	for word := 0; word < len(id); word += 4 {
		mask = le.AppendUint32(mask, be.Uint32(id[word:]))
	}
	for i, c := range to.Addr().AsSlice() {
		b = append(b, c^mask[i])
	}
	return b
}
