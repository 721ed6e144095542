package relay

import (
	"encoding/binary"
	"net"
)

// watched is a DTLS connection whose SCTP packets are looked at on their way
// in. Sound on an ordered stream waits for every lost packet before it; a
// phone that sends so works on a perfect network only and is counted.
type watched struct {
	net.Conn
	counters *counters
}

func (w watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	w.counters.add(orderedMessages, orderedChunks(b[:max(n, 0)]))
	return n, err
}

// orderedChunks counts the chunks of an SCTP packet (RFC 9260, RFC 8260) that
// carry binary user data without the unordered flag.
func orderedChunks(packet []byte) (ordered int) {
	const (
		commonHeader      = 12
		data, idata       = 0, 64
		unordered         = 0x04
		dataPPID, binary_ = 12, 53
		idataPPID         = 16
	)
	for at := commonHeader; at+4 <= len(packet); {
		kind, flags := packet[at], packet[at+1]
		size := int(binary.BigEndian.Uint16(packet[at+2:]))
		ppid := dataPPID
		if kind == idata {
			ppid = idataPPID
		}
		if (kind == data || kind == idata) && flags&unordered == 0 && at+ppid+4 <= len(packet) &&
			binary.BigEndian.Uint32(packet[at+ppid:]) == binary_ {
			ordered++
		}
		at += max(4, (size+3)&^3)
	}
	return ordered
}
