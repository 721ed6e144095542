package e2e

import (
	"encoding/binary"
	"encoding/hex"
	"time"
)

// RTCP packet types (RFC 3550 section 12.1).
const (
	typeSenderReport   = 200
	typeReceiverReport = 201
	typeDescription    = 202
)

const (
	// ReportInterval is WhatsApp's rc.rtcp_interval_ms when the server sends no
	// other: 25 packets of 60 ms.
	ReportInterval = 1500 * time.Millisecond

	// extensionLength is what WhatsApp's clients put behind the one report block
	// of a two-party call. Its meaning is not known; zeros are accepted
	// (evidence: oxidezap/whatsapp-rust, purpshell/meowcaller).
	extensionLength = 24

	senderReportLength = 28 + reportBlockLength + extensionLength
	reportBlockLength  = 24
	descriptionLength  = 32
	// reportRoom also holds what SRTCP adds: index and 80-bit tag.
	reportRoom = senderReportLength + descriptionLength + 4 + 10

	cnameLength = 18

	// ntpEpoch is 1970 in seconds since 1900 (RFC 3550 section 4).
	ntpEpoch = 2208988800
)

// senderReport is RFC 3550 section 6.4.1 as WhatsApp writes it for two
// parties: always with one report block.
type senderReport struct {
	SSRC            uint32
	Time            time.Time
	Timestamp       uint32 // RTP time of Time
	Packets, Octets uint32
	Heard           reportBlock
}

func (s *senderReport) append(b []byte) []byte {
	be := binary.BigEndian
	b = append(b, 2<<6|1, typeSenderReport)
	b = be.AppendUint16(b, senderReportLength/4-1)
	b = be.AppendUint32(b, s.SSRC)
	b = be.AppendUint64(b, ntp(s.Time))
	b = be.AppendUint32(b, s.Timestamp)
	b = be.AppendUint32(b, s.Packets)
	b = be.AppendUint32(b, s.Octets)
	b = s.Heard.append(b)
	var extension [extensionLength]byte
	return append(b, extension[:]...)
}

// reportBlock is RFC 3550's account of a stream that was heard.
type reportBlock struct {
	SSRC         uint32
	FractionLost uint8  // of 256
	Lost         int32  // packets, 24 bits
	Highest      uint32 // extended sequence number
	Jitter       uint32 // in timestamp units
	LastReport   uint32 // middle of the NTP time of the report heard last
	Delay        uint32 // since then, in 1/65536 s
}

func (r *reportBlock) append(b []byte) []byte {
	be := binary.BigEndian
	b = be.AppendUint32(b, r.SSRC)
	b = be.AppendUint32(b, uint32(r.FractionLost)<<24|uint32(r.Lost)&0xFFFFFF)
	b = be.AppendUint32(b, r.Highest)
	b = be.AppendUint32(b, r.Jitter)
	b = be.AppendUint32(b, r.LastReport)
	return be.AppendUint32(b, r.Delay)
}

func parseReportBlock(b []byte) reportBlock {
	be := binary.BigEndian
	return reportBlock{
		SSRC:         be.Uint32(b),
		FractionLost: b[4],
		Lost:         int32(be.Uint32(b[4:])<<8) >> 8,
		Highest:      be.Uint32(b[8:]),
		Jitter:       be.Uint32(b[12:]),
		LastReport:   be.Uint32(b[16:]),
		Delay:        be.Uint32(b[20:]),
	}
}

// appendDescription writes the SDES with our CNAME that stands behind every
// report. The name has a fixed length, so that the packet always has 32 bytes.
func appendDescription(b []byte, ssrc uint32, cname string) []byte {
	b = append(b, 2<<6|1, typeDescription)
	b = binary.BigEndian.AppendUint16(b, descriptionLength/4-1)
	b = binary.BigEndian.AppendUint32(b, ssrc)
	b = append(b, 1, cnameLength)
	var name [cnameLength + 4]byte
	copy(name[:cnameLength], cname)
	return append(b, name[:]...)
}

// NewCNAME is a stream's name in the form of WhatsApp's clients, from random
// bytes: five hexadecimal digits, "@pj", six more, ".org". It is constant for a
// call and says nothing about the device.
func NewCNAME(random [6]byte) string {
	digits := hex.EncodeToString(random[:])
	return digits[:5] + "@pj" + digits[5:11] + ".org"
}

func ntp(t time.Time) uint64 {
	seconds := uint64(t.Unix()) + ntpEpoch
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// ntpMiddle is the part of an NTP time that reports refer to each other by.
func ntpMiddle(t time.Time) uint32 { return uint32(ntp(t) >> 16) }
