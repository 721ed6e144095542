package relay

import (
	"testing"
	"time"
)

// answered opens a call whose caller does not know which device will answer.
func answered(t *testing.T, change func(c *Config), test func(t *testing.T, p *pair)) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.caller.close()
		_, _, blocks := newNet(1)
		c := Config{Block: blocks[0], CallID: testCallID, CallKey: testCallKey, Own: callerID, Caller: true, Options: Options{dial: p.net.dial}}
		c.Block.Participants = nil
		change(&c)
		s, err := Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		p.caller = watch(s)
		test(t, p)
	})
}

func TestSoundOfTheAnsweringDeviceIsHeardFromItsFirstPacketOnceItIsNamed(t *testing.T) {
	for name, change := range map[string]func(c *Config){
		"nobody was expected":          func(*Config) {},
		"another device was expected":  func(c *Config) { c.Peer = "222222222222222@lid" },
		"the right one and others too": func(c *Config) { c.Peer = calleeID },
	} {
		t.Run(name, func(t *testing.T) {
			answered(t, change, func(t *testing.T, p *pair) {
				time.Sleep(time.Second)
				p.start()
				p.callee.talk()
				at := time.Now()
				time.Sleep(500 * time.Millisecond)
				if err := p.caller.Rekey(calleeID); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				heard := p.caller.hearing(at)
				if len(heard) < 35 || heard[0].Payload[2] != 0 {
					t.Fatalf("heard %d packets, dropped %+v", len(heard), p.caller.Dropped())
				}
				wantEvents(t, p.caller, FirstMedia)
			})
		})
	}
}

func TestSoundHeldTooLongIsForgotten(t *testing.T) {
	answered(t, func(*Config) {}, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		p.start()
		p.callee.talk()
		time.Sleep(5 * time.Second)
		named := time.Now()
		p.caller.Rekey(calleeID)
		time.Sleep(time.Second)
		late := 0
		for _, packet := range p.caller.hearing(time.Time{}) {
			if int(packet.Payload[2]) < 40 {
				late++
			}
		}
		if late != 0 || len(p.caller.hearing(named)) == 0 {
			t.Errorf("heard %d packets from before the last two seconds", late)
		}
	})
}

func TestTheAnsweringDeviceIsRecognisedByItsSoundWhenNobodyNamesIt(t *testing.T) {
	change := func(c *Config) {
		c.Devices = []string{"222222222222222@lid", "222222222222222:9@lid"}
		c.Block.Participants = []Participant{{callerID, 1}, {calleeID, 2}}
	}
	answered(t, change, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		p.bothTalk()
		time.Sleep(3 * time.Second)
		if heard := len(p.caller.hearing(time.Time{})); heard < 45 {
			t.Errorf("heard %d packets; dropped %+v", heard, p.caller.Dropped())
		}
		// Signalling names the same device late: nothing starts anew.
		p.caller.Rekey(calleeID)
		at := time.Now()
		time.Sleep(2 * time.Second)
		if gap := p.caller.longestGap(at); gap > 130*time.Millisecond {
			t.Errorf("a gap of %v after the device was named", gap)
		}
	})
}

func TestRekeyLeavesOurOwnSoundAlone(t *testing.T) {
	answered(t, func(c *Config) { c.Peer = "222222222222222@lid" }, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		p.bothTalk()
		time.Sleep(time.Second)
		at := time.Now()
		p.caller.Rekey(calleeID)
		time.Sleep(2 * time.Second)
		if gap := p.callee.longestGap(at); gap > 130*time.Millisecond {
			t.Errorf("the callee heard a gap of %v", gap)
		}
	})
}
