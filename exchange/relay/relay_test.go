package relay

import (
	"bytes"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openCluster(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func grant(t *testing.T, c *Cluster, id string) *Grant {
	t.Helper()
	g, err := c.Allocate(id, false)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// rtp is a media packet of a test: version 2, payload type 120.
func rtp(seq byte, payload string) []byte {
	return append([]byte{0x80, 120, 0, seq, 0, 0, 0, 0, 1, 2, 3, 4}, payload...)
}

func TestTwoPhonesOfACallHearEachOtherThroughARelay(t *testing.T) {
	for _, o := range []struct {
		name   string
		caller phoneOptions
		callee phoneOptions
	}{
		{"over ICE", phoneOptions{ice: true}, phoneOptions{ice: true}},
		{"straight over UDP", phoneOptions{}, phoneOptions{}},
		{"one of each, channel opened in band", phoneOptions{ice: true, inBand: true}, phoneOptions{}},
	} {
		t.Run(o.name, func(t *testing.T) {
			c := openCluster(t, Options{})
			g := grant(t, c, "call")
			o.caller.fingerprint = c.Fingerprint()
			caller := mustDial(t, g, g.Endpoints[Caller][0], o.caller)
			callee := mustDial(t, g, g.Endpoints[Callee][0], o.callee)
			caller.allocate()
			callee.allocate()
			caller.send(rtp(1, "hello"))
			if got := callee.next(); !bytes.Equal(got, rtp(1, "hello")) {
				t.Errorf("the callee heard % x", got)
			}
			callee.send(rtp(2, "hello yourself"))
			if got := caller.next(); !bytes.Equal(got, rtp(2, "hello yourself")) {
				t.Errorf("the caller heard % x", got)
			}
		})
	}
}
