package rtc

import (
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
)

// reports lets no report out before the call is accepted: nobody knows whether
// Meta counts one as media, which would answer the call at the customer's end.
// It also reads what the relay reports of our sound.
type reports struct{ peer *Peer }

// NewInterceptor makes the peer connection's own.
func (r reports) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &reportGate{peer: r.peer}, nil
}

type reportGate struct {
	interceptor.NoOp
	peer *Peer
}

// BindRTCPWriter holds reports back while the gate is shut.
func (g *reportGate) BindRTCPWriter(w interceptor.RTCPWriter) interceptor.RTCPWriter {
	return interceptor.RTCPWriterFunc(func(pkts []rtcp.Packet, a interceptor.Attributes) (int, error) {
		if !g.peer.open.Load() {
			return 0, nil
		}
		return w.Write(pkts, a)
	})
}

// report takes note of one report of the relay.
func (p *Peer) report(pkts []rtcp.Packet) {
	p.touch()
	for _, pkt := range pkts {
		var blocks []rtcp.ReceptionReport
		switch r := pkt.(type) {
		case *rtcp.ReceiverReport:
			blocks = r.Reports
		case *rtcp.SenderReport:
			blocks = r.Reports
		}
		for _, b := range blocks {
			p.remoteLoss.Store(uint32(b.FractionLost))
		}
	}
}
