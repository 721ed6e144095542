package relay

import (
	"fmt"
	"log/slog"

	"tring/audio"
	"tring/signaling/whatsapp/e2e"
)

// Transport names what is below a leg's channel.
type Transport string

// The transports. All speak DTLS 1.2 and SCTP on port 5000, stream 0, unordered
// and never retransmitted.
const (
	// ICESCTP checks the path with ICE first and keeps checking it: the default.
	ICESCTP Transport = "ice-sctp"
	// PeerConnection is a whole WebRTC peer connection with a made-up answer, as
	// WhatsApp Web has it.
	PeerConnection Transport = "peerconnection"
	// DTLSUDP goes without ICE over a connected UDP socket.
	DTLSUDP Transport = "dtls-udp"
)

// WhatsAppFingerprint is the SHA-256 of the certificate that all of WhatsApp's
// relays present (evidence: WhatsApp Web's bundle, JotaDev66/WaCalls,
// Auties00/Cobalt).
const WhatsAppFingerprint = "F9:CA:0C:98:A3:CC:71:D6:42:CE:5A:E2:53:D2:15:20:D3:1B:BA:D8:57:A4:F0:AF:BE:0B:FB:F3:6B:0C:A0:68"

// WebPort is where relays serve web clients, tried beside the advertised port
// (evidence: WhatsApp Web's bundle).
const WebPort = 3480

// Options are the same for every call of a line.
type Options struct {
	Transport Transport // "" is ICESCTP
	// Fingerprint pins the certificate of relays that announce none in their
	// Endpoint; "" is WhatsAppFingerprint.
	Fingerprint string
	// OtherPort is raced against the advertised port; 0 is WebPort.
	OtherPort uint16
	// Register also sends authenticated Binding requests on every leg, for
	// relays that hang up after 20 s without them. Off by default: some relays
	// do not bridge a client that sends them.
	Register bool

	dial dialer // replaces the transport in tests
}

func (o Options) withDefaults() (Options, error) {
	if o.Transport == "" {
		o.Transport = ICESCTP
	}
	if o.Fingerprint == "" {
		o.Fingerprint = WhatsAppFingerprint
	}
	if o.OtherPort == 0 {
		o.OtherPort = WebPort
	}
	if o.dial == nil {
		o.dial = transports[o.Transport]
	}
	if o.dial == nil {
		return o, fmt.Errorf("there is no relay transport %q; use %s, %s or %s", o.Transport, ICESCTP, PeerConnection, DTLSUDP)
	}
	return o, nil
}

// Config is one call as signalling knows it.
type Config struct {
	Block   Block
	CallID  string      // exactly as signalling writes it
	CallKey e2e.CallKey // the call's secret
	Own     string      // our device, "user:device@lid"
	// Peer is the device at the other end: the sender of the offer, or the one
	// that accepted. Empty until somebody accepted; then call Rekey.
	Peer string
	// Devices may answer. While Peer is empty they are tried on what comes in,
	// together with the block's participants.
	Devices []string
	Caller  bool        // we placed the call
	Codec   audio.Codec // zero is audio.OpusRelay
	Options Options
	Log     *slog.Logger // nil logs nothing
}
