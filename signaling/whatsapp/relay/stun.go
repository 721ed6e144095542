package relay

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// STUN message types inside the channel. Ping and pong are WhatsApp's own.
const (
	bindingRequest  = 0x0001
	bindingSuccess  = 0x0101
	allocateRequest = 0x0003
	allocateSuccess = 0x0103
	allocateError   = 0x0113
	pingRequest     = 0x0801
	pingAnswer      = 0x0802
)

// STUN attributes; those from 0x4000 on are WhatsApp's own.
const (
	attrUsername       = 0x0006
	attrIntegrity      = 0x0008
	attrErrorCode      = 0x0009
	attrEndpoint       = 0x0016
	attrPriority       = 0x0024
	attrToken          = 0x4000
	attrStreams        = 0x4024
	attrConnection     = 0x4033
	attrFingerprint    = 0x8028
	attrICEControlling = 0x802A
)

const (
	stunCookie      = 0x2112A442
	stunHeader      = 20
	integrityLength = 4 + sha1.Size
	// fingerprintMask makes a STUN checksum differ from others (RFC 8489
	// section 14.7).
	fingerprintMask = 0x5354554E
)

type transaction [12]byte

// stunMessage is a STUN message on the wire (RFC 8489 section 5). Built by
// appending, or read after parseSTUN found it sound.
type stunMessage []byte

// newSTUN begins a message in b, which it grows from.
func newSTUN(b []byte, kind uint16, id transaction) stunMessage {
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint32(b, stunCookie)
	return append(b, id[:]...)
}

// attribute appends one attribute, padded to four bytes.
func (m stunMessage) attribute(kind uint16, value []byte) stunMessage {
	m = binary.BigEndian.AppendUint16(m, kind)
	m = binary.BigEndian.AppendUint16(m, uint16(len(value)))
	m = append(m, value...)
	for len(m)%4 != 0 {
		m = append(m, 0)
	}
	m.setLength(len(m) - stunHeader)
	return m
}

// integrity appends MESSAGE-INTEGRITY over what there is, its own length
// already counted.
func (m stunMessage) integrity(key string) stunMessage {
	m.setLength(len(m) - stunHeader + integrityLength)
	return m.attribute(attrIntegrity, sign(m, key))
}

// checksum appends FINGERPRINT, which Binding messages carry and others do not.
func (m stunMessage) checksum() stunMessage {
	m.setLength(len(m) - stunHeader + 8)
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(m)^fingerprintMask)
	return m.attribute(attrFingerprint, sum)
}

func (m stunMessage) setLength(n int) { binary.BigEndian.PutUint16(m[2:], uint16(n)) }

func sign(m []byte, key string) []byte {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write(m)
	return mac.Sum(nil)
}

var errSTUN = errors.New("the message is not well-formed STUN")

// parseSTUN accepts a message whose attributes all lie inside it. Pings and
// pongs may come without the magic cookie.
func parseSTUN(b []byte) (stunMessage, error) {
	if len(b) < stunHeader {
		return nil, errSTUN
	}
	m := stunMessage(b)
	length := int(binary.BigEndian.Uint16(m[2:]))
	plain := m.kind() == pingRequest || m.kind() == pingAnswer
	if length%4 != 0 || stunHeader+length > len(m) || !plain && binary.BigEndian.Uint32(m[4:]) != stunCookie {
		return nil, errSTUN
	}
	m = m[:stunHeader+length]
	for at := stunHeader; at < len(m); {
		next, ok := m.next(at)
		if !ok {
			return nil, errSTUN
		}
		at = next
	}
	return m, nil
}

// next is where the attribute behind the one at starts, if the latter fits.
func (m stunMessage) next(at int) (int, bool) {
	if at+4 > len(m) {
		return 0, false
	}
	end := at + 4 + (int(binary.BigEndian.Uint16(m[at+2:]))+3)&^3
	return end, end <= len(m)
}

func (m stunMessage) kind() uint16    { return binary.BigEndian.Uint16(m) }
func (m stunMessage) id() transaction { return transaction(m[8:20]) }

// find returns the value of the first attribute of a kind and where it starts.
func (m stunMessage) find(kind uint16) (value []byte, at int) {
	for at := stunHeader; at < len(m); {
		end, ok := m.next(at)
		if !ok {
			return nil, 0
		}
		if binary.BigEndian.Uint16(m[at:]) == kind {
			return m[at+4 : at+4+int(binary.BigEndian.Uint16(m[at+2:]))], at
		}
		at = end
	}
	return nil, 0
}

// authentic reports whether the message carries no integrity, or one that fits
// the key.
func (m stunMessage) authentic(key string) bool {
	value, at := m.find(attrIntegrity)
	if at == 0 {
		return true
	}
	signed := append(stunMessage(nil), m[:at]...)
	signed.setLength(at - stunHeader + integrityLength)
	return hmac.Equal(value, sign(signed, key))
}

// Refusal is a relay's answer that it will not take us.
type Refusal struct {
	Code int // as in HTTP; 401, 452 and 456 were seen
}

// refusals are the meanings that were seen (evidence: vinikjkkj/zapo).
var refusals = map[int]string{
	401: "it does not accept the call's key",
	452: "it does not recognise its own address",
	456: "it does not accept the call's token",
}

func (r Refusal) Error() string {
	if meaning, ok := refusals[r.Code]; ok {
		return fmt.Sprintf("the relay refused the call: %s (code %d)", meaning, r.Code)
	}
	return fmt.Sprintf("the relay refused the call with code %d", r.Code)
}

// refusal reads ERROR-CODE; code 0 stands for a missing one.
func (m stunMessage) refusal() Refusal {
	value, _ := m.find(attrErrorCode)
	if len(value) < 4 {
		return Refusal{}
	}
	return Refusal{Code: int(value[2]&7)*100 + int(value[3])}
}
