package relay

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// remoteDescription is the answer that clients built on a peer connection make
// up for a relay.
func remoteDescription(c *Cluster, g *Grant, e Endpoint) string {
	return fmt.Sprintf(`v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:0
a=sendrecv
a=ice-ufrag:%s
a=ice-pwd:%s
a=fingerprint:sha-256 %s
a=setup:passive
a=sctp-port:5000
a=max-message-size:1500
a=candidate:2 1 udp 2122262783 %s %d typ host generation 0 network-cost 5
a=end-of-candidates
`, username(e.Auth), g.KeyText(), c.Fingerprint(), e.Addr.Addr(), e.Addr.Port())
}

func TestAPeerConnectionReachesARelay(t *testing.T) {
	negotiated, id := true, uint16(0)
	for _, o := range []struct {
		name  string
		label string
		init  *webrtc.DataChannelInit
	}{
		{"channel agreed beforehand", "pre-negotiated", &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id}},
		{"channel opened in band", "wa-web-call", nil},
	} {
		t.Run(o.name, func(t *testing.T) {
			c := openCluster(t, Options{})
			g := grant(t, c, "call")
			e := g.Endpoints[Caller][0]
			var settings webrtc.SettingEngine
			settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
			settings.SetIncludeLoopbackCandidate(true)
			settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
			settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
			pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
			if err != nil {
				t.Fatal(err)
			}
			defer pc.GracefulClose()
			channel, err := pc.CreateDataChannel(o.label, o.init)
			if err != nil {
				t.Fatal(err)
			}
			open, heard := make(chan struct{}), make(chan []byte, 8)
			channel.OnOpen(func() { close(open) })
			channel.OnMessage(func(m webrtc.DataChannelMessage) { heard <- m.Data })
			offer, err := pc.CreateOffer(nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := pc.SetLocalDescription(offer); err != nil {
				t.Fatal(err)
			}
			answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: remoteDescription(c, g, e)}
			if err := pc.SetRemoteDescription(answer); err != nil {
				t.Fatal(err)
			}
			select {
			case <-open:
			case <-time.After(10 * time.Second):
				t.Fatal("the channel did not open")
			}
			if err := channel.Send(newStun(pingRequest, [12]byte{7}).b); err != nil {
				t.Fatal(err)
			}
			select {
			case b := <-heard:
				if !bytes.Equal(b, newStun(pingAnswer, [12]byte{7}).b) {
					t.Errorf("heard % x", b)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("the ping was not answered")
			}
		})
	}
}
