package relay

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/netip"
)

// STUN message types: RFC 5389 section 6 and, from 0x0801 on, the relay's own
// keepalive, which is a header alone.
const (
	bindingRequest  = 0x0001
	bindingSuccess  = 0x0101
	bindingError    = 0x0111
	allocateRequest = 0x0003
	allocateSuccess = 0x0103
	allocateError   = 0x0113
	pingRequest     = 0x0801
	pingAnswer      = 0x0802
)

// STUN attributes: RFC 5389 section 18.2 and the relay's own from 0x4000 on.
const (
	attrUsername     = 0x0006
	attrIntegrity    = 0x0008
	attrErrorCode    = 0x0009
	attrEndpoint     = 0x0016 // the relay's address as the phone knows it
	attrIntegrity256 = 0x001C // RFC 8489
	attrMapped       = 0x0020
	attrToken        = 0x4000
	attrRouting      = 0x4033 // eight bytes that name a leg, the same in every answer
	attrFingerprint  = 0x8028
)

const (
	stunHeader     = 20
	stunCookie     = 0x2112A442
	fingerprintXOR = 0x5354554E
	integritySize  = sha1.Size
	// maxStun bounds a STUN message; the largest real one, an Allocate with
	// nine streams and a 200-byte token, has 400 bytes.
	maxStun = 1500
)

var errStun = errors.New("not a STUN message")

// stunMessage is a validated view of a STUN message: every attribute lies
// within raw.
type stunMessage struct {
	kind uint16
	id   [12]byte
	raw  []byte
}

// parseStun checks header and attribute lengths. Keepalives are accepted
// without the magic cookie, as some phones send them.
func parseStun(b []byte) (stunMessage, error) {
	if len(b) < stunHeader || len(b) > maxStun || b[0]&0xC0 != 0 {
		return stunMessage{}, errStun
	}
	m := stunMessage{kind: binary.BigEndian.Uint16(b), raw: b}
	copy(m.id[:], b[8:stunHeader])
	if int(binary.BigEndian.Uint16(b[2:])) != len(b)-stunHeader || len(b)%4 != 0 {
		return stunMessage{}, errStun
	}
	if binary.BigEndian.Uint32(b[4:]) != stunCookie && m.kind != pingRequest {
		return stunMessage{}, errStun
	}
	for rest := b[stunHeader:]; len(rest) > 0; {
		size := attributeSize(rest)
		if size > len(rest) {
			return stunMessage{}, errStun
		}
		rest = rest[size:]
	}
	return m, nil
}

// attributeSize is the padded size of the attribute at the start of b, header
// included; it may exceed b.
func attributeSize(b []byte) int {
	if len(b) < 4 {
		return len(b) + 1
	}
	return 4 + (int(binary.BigEndian.Uint16(b[2:]))+3)&^3
}

// offset is where the first attribute of the given type starts in raw, or -1.
// Behind either MESSAGE-INTEGRITY nothing of what we read counts but FINGERPRINT
// (RFC 8489 sections 14.5 and 14.6).
func (m stunMessage) offset(attr uint16) int {
	sealed := false
	for at := stunHeader; at < len(m.raw); at += attributeSize(m.raw[at:]) {
		kind := binary.BigEndian.Uint16(m.raw[at:])
		if kind == attr && (!sealed || kind == attrFingerprint) {
			return at
		}
		sealed = sealed || kind == attrIntegrity || kind == attrIntegrity256
	}
	return -1
}

// attribute returns the value of the first attribute of the given type.
func (m stunMessage) attribute(attr uint16) ([]byte, bool) {
	at := m.offset(attr)
	if at < 0 {
		return nil, false
	}
	size := int(binary.BigEndian.Uint16(m.raw[at+2:]))
	return m.raw[at+4 : at+4+size], true
}

// has says whether the message carries an attribute.
func (m stunMessage) has(attr uint16) bool { return m.offset(attr) >= 0 }

// verify checks MESSAGE-INTEGRITY (RFC 5389 section 15.4): an HMAC-SHA1 over
// everything before it, with the length counting it as the last attribute.
func (m stunMessage) verify(key []byte) bool {
	at := m.offset(attrIntegrity)
	if at < 0 {
		return false
	}
	sum, _ := m.attribute(attrIntegrity)
	return hmac.Equal(sum, integrity(m.raw[:at], key))
}

func integrity(before, key []byte) []byte {
	mac := hmac.New(sha1.New, key)
	var header [4]byte
	copy(header[:], before)
	binary.BigEndian.PutUint16(header[2:], uint16(len(before)-stunHeader+4+integritySize))
	mac.Write(header[:])
	mac.Write(before[4:])
	return mac.Sum(nil)
}

// stunWriter builds one STUN message, attribute by attribute.
type stunWriter struct{ b []byte }

func newStun(kind uint16, id [12]byte) *stunWriter {
	w := &stunWriter{b: make([]byte, stunHeader, 160)}
	binary.BigEndian.PutUint16(w.b, kind)
	binary.BigEndian.PutUint32(w.b[4:], stunCookie)
	copy(w.b[8:], id[:])
	return w
}

func (w *stunWriter) add(attr uint16, value []byte) *stunWriter {
	w.b = binary.BigEndian.AppendUint16(w.b, attr)
	w.b = binary.BigEndian.AppendUint16(w.b, uint16(len(value)))
	w.b = append(w.b, value...)
	for len(w.b)%4 != 0 {
		w.b = append(w.b, 0)
	}
	binary.BigEndian.PutUint16(w.b[2:], uint16(len(w.b)-stunHeader))
	return w
}

func (w *stunWriter) errorCode(code int, reason string) *stunWriter {
	return w.add(attrErrorCode, append([]byte{0, 0, byte(code / 100), byte(code % 100)}, reason...))
}

func (w *stunWriter) mapped(addr netip.AddrPort) *stunWriter {
	return w.add(attrMapped, xorAddress(addr, w.b[8:stunHeader]))
}

func (w *stunWriter) integrity(key []byte) *stunWriter {
	return w.add(attrIntegrity, integrity(w.b, key))
}

// fingerprint ends the message (RFC 5389 section 15.5).
func (w *stunWriter) fingerprint() *stunWriter {
	binary.BigEndian.PutUint16(w.b[2:], uint16(len(w.b)-stunHeader+8))
	crc := crc32.ChecksumIEEE(w.b) ^ fingerprintXOR
	return w.add(attrFingerprint, binary.BigEndian.AppendUint32(nil, crc))
}

// xorAddress writes an address as RFC 5389 section 15.2 wants it.
func xorAddress(addr netip.AddrPort, id []byte) []byte {
	return maskAddress(addr, append(binary.BigEndian.AppendUint32(nil, stunCookie), id...))
}

// xorAddressSwapped is the form real relays want for IPv6 in attrEndpoint: the
// transaction id is read as three byte-reversed words (evidence: vinikjkkj/zapo).
func xorAddressSwapped(addr netip.AddrPort, id []byte) []byte {
	mask := binary.BigEndian.AppendUint32(nil, stunCookie)
	for at := 0; at < len(id); at += 4 {
		mask = binary.BigEndian.AppendUint32(mask, binary.LittleEndian.Uint32(id[at:]))
	}
	return maskAddress(addr, mask)
}

func maskAddress(addr netip.AddrPort, mask []byte) []byte {
	ip := addr.Addr().Unmap()
	family := byte(1)
	if ip.Is6() {
		family = 2
	}
	out := binary.BigEndian.AppendUint16([]byte{0, family}, addr.Port()^uint16(stunCookie>>16))
	for i, octet := range ip.AsSlice() {
		out = append(out, octet^mask[i])
	}
	return out
}
