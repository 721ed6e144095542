package e2e

import (
	"testing"
	"time"

	"tring/audio"
)

func FuzzRTP(f *testing.F) {
	out, _ := ends(f, DefaultTag)
	for _, payload := range [][]byte{{0x58}, make([]byte, 130)} {
		f.Add(send(f, out, payload))
	}
	f.Add([]byte{0xBF, 248, 0, 1})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packet []byte) {
		_, in := ends(t, DefaultTag)
		p := audio.Packet{Payload: make([]byte, 0, audio.MaxPayload)}
		if err := in.RTP(packet, &p); err == nil && len(p.Payload) > len(packet) {
			t.Errorf("%d bytes became %d", len(packet), len(p.Payload))
		}
	})
}

func FuzzRTCP(f *testing.F) {
	f.Add(unhex(report28))
	f.Add(unhex("81d00002123456789abcdef0"))
	f.Add(unhex("91c80012"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		r := Reception{SSRC: ssrc, Rate: 16000}
		readReports(packet, ssrc, &r, time.Unix(1718000000, 0))
		if loss := r.RemoteLoss(); loss < 0 || loss > 1 {
			t.Errorf("loss %v", loss)
		}
		if r.RTT() < 0 {
			t.Errorf("round trip %v", r.RTT())
		}
		_, in := ends(t, DefaultTag)
		if err := in.RTCP(packet, ssrc, &r, time.Unix(1718000000, 0)); err == nil {
			t.Error("an unprotected report was taken")
		}
	})
}
