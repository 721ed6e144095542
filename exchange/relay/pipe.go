package relay

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/pion/transport/v4/packetio"
)

// pipe is a leg's own connection over the shared socket, as pion's DTLS wants
// one. Datagrams that nobody reads in time are dropped.
type pipe struct {
	leg    *leg
	remote *net.UDPAddr
	queue  *packetio.Buffer
}

// pipeLimit bounds the bytes that wait for DTLS.
const pipeLimit = 1 << 18

func newPipe(l *leg) *pipe {
	p := &pipe{leg: l, remote: net.UDPAddrFromAddrPort(l.remote), queue: packetio.NewBuffer()}
	p.queue.SetLimitSize(pipeLimit)
	return p
}

func (p *pipe) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := p.queue.Read(b)
	if errors.Is(err, io.EOF) {
		err = net.ErrClosed
	}
	return n, p.remote, err
}

func (p *pipe) WriteTo(b []byte, _ net.Addr) (int, error) {
	p.leg.transmit(b)
	return len(b), nil
}

func (p *pipe) Close() error                      { return p.queue.Close() }
func (p *pipe) LocalAddr() net.Addr               { return net.UDPAddrFromAddrPort(p.leg.relay.addr) }
func (p *pipe) SetDeadline(t time.Time) error     { return p.SetReadDeadline(t) }
func (p *pipe) SetReadDeadline(t time.Time) error { return p.queue.SetReadDeadline(t) }
func (p *pipe) SetWriteDeadline(time.Time) error  { return nil }
