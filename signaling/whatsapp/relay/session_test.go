package relay

import (
	"bytes"
	"testing"
	"time"
)

func TestSpeechFlowsBothWaysOverAllRelays(t *testing.T) {
	inMemory(t, 3, func(t *testing.T, p *pair) {
		p.start()
		p.caller.talk()
		p.callee.talk()
		time.Sleep(3 * time.Second)
		for name, e := range map[string]*phoneEnd{"caller": p.caller, "callee": p.callee} {
			heard := e.hearing(time.Time{})
			if len(heard) < 45 {
				t.Fatalf("%s heard %d packets in 3 s; events %v; dropped %+v", name, len(heard), e.kinds(), e.Dropped())
			}
			for i, packet := range heard {
				if !bytes.Equal(packet.Payload, speech(i)) || packet.Timestamp != heard[0].Timestamp+uint32(i)*960 {
					t.Fatalf("%s heard as packet %d: timestamp %d, % x…", name, i, packet.Timestamp, packet.Payload[:3])
				}
			}
			if e.count(FirstMedia) != 1 || e.count(LegOpen) != 3 {
				t.Errorf("%s was told %v", name, e.kinds())
			}
		}
	})
}
