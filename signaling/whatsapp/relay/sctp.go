package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	dtlsnet "github.com/pion/dtls/v3/pkg/net"
	"github.com/pion/sctp"
)

const (
	// flight is how long a lost piece of the DTLS handshake is waited for.
	flight = 250 * time.Millisecond
	// sctpRTOMax keeps SCTP's timer from growing while a path is down: it must
	// send again at once when the path is back. In milliseconds.
	sctpRTOMax = 1000
	// sctpMinWindow lets a call's few kilobytes a second through whatever SCTP
	// makes of losses: slowing a constant stream down only makes it late.
	sctpMinWindow = 32 << 10
	// sctpReceive bounds what a relay can make us hold, in bytes.
	sctpReceive = 128 << 10
	// goodbye is how long an orderly shutdown of SCTP may take.
	goodbye = 250 * time.Millisecond
)

// connectSecurely opens DTLS and SCTP over a path to a relay and closes the
// path if it cannot.
func connectSecurely(ctx context.Context, path net.Conn, fingerprint string) (channel, error) {
	secure, err := handshake(ctx, path, fingerprint)
	if err != nil {
		path.Close()
		return nil, err
	}
	// Until SCTP is open only the end of the path can stop it.
	stop := context.AfterFunc(ctx, func() { secure.Close() })
	c, err := associate(secure)
	if !stop() && err == nil {
		c.Close()
		return nil, ctx.Err()
	}
	if err != nil {
		secure.Close()
		return nil, fmt.Errorf("the relay did not open a channel: %w", errors.Join(err, ctx.Err()))
	}
	return c, nil
}

// handshake is DTLS 1.2 as the client, with the relay's certificate pinned.
func handshake(ctx context.Context, path net.Conn, fingerprint string) (*dtls.Conn, error) {
	certificate, err := selfsign.GenerateSelfSigned()
	if err != nil {
		return nil, err
	}
	conn, err := dtls.ClientWithOptions(dtlsnet.PacketConnFromConn(path), path.RemoteAddr(),
		dtls.WithCertificates(certificate),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithInsecureSkipVerify(true), // there is no chain; the pin decides
		dtls.WithVerifyPeerCertificate(verifyPin(fingerprint)),
		dtls.WithFlightInterval(flight),
		dtls.WithLoggerFactory(quiet),
	)
	if err != nil {
		return nil, err
	}
	if err := conn.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("the relay did not complete the DTLS handshake: %w", err)
	}
	return conn, nil
}

// associate opens SCTP's stream 0 as both ends know it beforehand. Its
// reliability is set on the stream: pion ignores it on a negotiated channel.
func associate(secure net.Conn) (channel, error) {
	association, err := sctp.ClientWithOptions(
		sctp.WithNetConn(secure),
		sctp.WithLoggerFactory(quiet),
		sctp.WithRTOMax(sctpRTOMax),
		sctp.WithMinCwnd(sctpMinWindow),
		sctp.WithMaxReceiveBufferSize(sctpReceive),
	)
	if err != nil {
		return nil, err
	}
	stream, err := association.OpenStream(0, sctp.PayloadTypeWebRTCBinary)
	if err != nil {
		association.Close()
		return nil, err
	}
	stream.SetReliabilityParams(true, sctp.ReliabilityTypeRexmit, 0)
	return &streamChannel{association, stream}, nil
}

// streamChannel is a channel on an SCTP stream.
type streamChannel struct {
	association *sctp.Association
	stream      *sctp.Stream
}

func (c *streamChannel) Send(message []byte) error {
	_, err := c.stream.WriteSCTP(message, sctp.PayloadTypeWebRTCBinary)
	return err
}

func (c *streamChannel) Receive(buffer []byte) (int, error) {
	for {
		n, kind, err := c.stream.ReadSCTP(buffer)
		if errors.Is(err, io.ErrShortBuffer) {
			// pion keeps what did not fit; n is what it takes to get rid of it.
			_, _, err = c.stream.ReadSCTP(make([]byte, min(n, sctpReceive)))
			return 0, errors.Join(errOversized, err)
		}
		if err != nil || kind != sctp.PayloadTypeWebRTCDCEP {
			return n, err
		}
	}
}

func (c *streamChannel) Backlog() int { return int(c.stream.BufferedAmount()) }

func (c *streamChannel) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	// A relay that is gone does not answer; closing is all that can be done then.
	_ = c.association.Shutdown(ctx)
	return c.association.Close()
}
