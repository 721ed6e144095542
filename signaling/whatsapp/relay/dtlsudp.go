package relay

import (
	"context"
	"net"
)

// dialDTLS opens a channel over a connected UDP socket, without ICE: the
// simplest of the transports (evidence: oxidezap/whatsapp-rust,
// purpshell/meowcaller).
func dialDTLS(ctx context.Context, to target) (channel, error) {
	socket, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to.Addr))
	if err != nil {
		return nil, err
	}
	return connectSecurely(ctx, socket, to.Fingerprint)
}
