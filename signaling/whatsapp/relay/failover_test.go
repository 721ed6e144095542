package relay

import (
	"errors"
	"io"
	"net/netip"
	"testing"
	"time"

	"tring/audio"
)

func TestOnlyOneLegCarriesSoundOnceTheFarEndIsHeard(t *testing.T) {
	inMemory(t, 3, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(2 * time.Second)
		before := make([][2]int, 3)
		for i, r := range p.relays {
			r.fault(func(r *memoryRelay) { before[i] = r.media })
		}
		time.Sleep(6 * time.Second)
		for end := range 2 {
			busy := 0
			for i, r := range p.relays {
				r.fault(func(r *memoryRelay) {
					if r.media[end] != before[i][end] {
						busy++
					}
				})
			}
			if busy != 1 {
				t.Errorf("end %d sent sound over %d relays", end, busy)
			}
		}
	})
}

// inUse is the relay over which the caller sends.
func (p *pair) inUse() *memoryRelay {
	for _, l := range p.caller.Legs() {
		if l.Elected {
			return p.net.relays[netip.MustParseAddrPort(l.Addr)]
		}
	}
	p.t.Fatal("no leg is elected")
	return nil
}

func TestSoundMovesWithinASecondHalf(t *testing.T) {
	for name, fault := range map[string]func(r *memoryRelay){
		"when its relay is killed":           func(r *memoryRelay) { r.kill(errNobody) },
		"when its relay freezes":             func(r *memoryRelay) { r.fault(func(r *memoryRelay) { r.frozen = true }) },
		"when its relay forwards no longer":  func(r *memoryRelay) { r.fault(func(r *memoryRelay) { r.deaf = true }) },
		"when its relay says it has hung up": func(r *memoryRelay) { r.kill(io.EOF) },
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, 3, func(t *testing.T, p *pair) {
				p.bothTalk()
				time.Sleep(2 * time.Second)
				fault(p.inUse())
				at := time.Now()
				time.Sleep(20 * time.Second)
				for name, e := range map[string]*phoneEnd{"caller": p.caller, "callee": p.callee} {
					if gap := e.longestGap(at); gap > patience+120*time.Millisecond {
						t.Errorf("%s heard nothing for %v", name, gap)
					}
					wantEvents(t, e, FirstMedia)
				}
			})
		})
	}
}

func TestALossOfTwentyPercentLosesJustThat(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(2 * time.Second)
		for _, r := range p.relays {
			r.fault(func(r *memoryRelay) { r.loss = .1 }) // on each of the two ways through a relay
		}
		at := time.Now()
		time.Sleep(60 * time.Second)
		if heard := len(p.callee.hearing(at)); heard < 700 || heard > 900 {
			t.Errorf("heard %d of 1000 packets at 19 %% loss", heard)
		}
		if loss := p.caller.Network().RemoteLoss; loss < .02 || loss > .45 {
			t.Errorf("the far end reports %v lost", loss)
		}
		wantEvents(t, p.callee, FirstMedia)
	})
}

func TestAllRelaysGoneForFiveSecondsAreWaitedOut(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		last := p.callee.hearing(time.Time{})
		for _, r := range p.relays {
			r.kill(errNobody)
		}
		time.Sleep(5 * time.Second)
		for _, r := range p.relays {
			r.fault(func(r *memoryRelay) { r.gone = false })
		}
		time.Sleep(10 * time.Second)
		for _, e := range []*phoneEnd{p.caller, p.callee} {
			wantEvents(t, e, FirstMedia, Reconnecting, MediaStopped, Reconnected, MediaBack)
		}
		after := p.callee.hearing(time.Now().Add(-2 * time.Second))
		if len(after) < 30 {
			t.Fatalf("heard %d packets in the last two seconds", len(after))
		}
		// The stream went on where it was: a new one would start at sequence 1.
		end := last[len(last)-1]
		if d := after[0].Sequence - end.Sequence; d == 0 || d > 250 {
			t.Errorf("sequence went from %d to %d", end.Sequence, after[0].Sequence)
		}
		sound := audio.SampleRate(16000).D(int(after[0].Timestamp - end.Timestamp))
		if real := after[0].Arrival.Sub(end.Arrival); sound < real-time.Second || sound > real+time.Second {
			t.Errorf("%v of sound passed in %v", sound, real)
		}
	})
}

func TestAllRelaysGoneForGoodIsLost(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		for _, r := range p.relays {
			r.kill(errNobody)
		}
		time.Sleep(GiveUp - time.Second)
		wantEvents(t, p.caller, FirstMedia, Reconnecting, MediaStopped)
		time.Sleep(2 * time.Second)
		wantEvents(t, p.caller, FirstMedia, Reconnecting, MediaStopped, Lost)
		p.caller.mu.Lock()
		err := p.caller.events[len(p.caller.events)-1].Err
		p.caller.mu.Unlock()
		if !errors.Is(err, ErrLost) || !errors.Is(err, errNobody) {
			t.Errorf("lost with %v", err)
		}
		if err := p.caller.ReadPacket(new(audio.Packet)); !errors.Is(err, io.EOF) {
			t.Errorf("reading: %v", err)
		}
		if err := p.caller.WritePacket(speech(0), 960, false); !errors.Is(err, ErrLost) {
			t.Errorf("writing: %v", err)
		}
	})
}

func TestRelaysThatRefuseAreNotAskedAgain(t *testing.T) {
	for _, code := range []int{401, 452, 456, 500} {
		refuse := func(p *pair) {
			for _, r := range p.relays {
				r.refuse = code
			}
		}
		prepared(t, 2, refuse, func(t *testing.T, p *pair) {
			time.Sleep(8 * time.Second)
			wantEvents(t, p.caller, Lost)
			var refusal Refusal
			p.caller.mu.Lock()
			defer p.caller.mu.Unlock()
			if len(p.caller.events) == 0 || !errors.As(p.caller.events[0].Err, &refusal) || refusal.Code != code {
				t.Fatalf("told %+v, want a refusal with %d", p.caller.events, code)
			}
			p.relays[0].fault(func(r *memoryRelay) {
				if r.dialled != 2 { // once by each end
					t.Errorf("dialled %d times", r.dialled)
				}
			})
		})
	}
}

func TestTheOtherPortIsTakenWhenTheAdvertisedOneIs(t *testing.T) {
	for name, fault := range map[string]func(r *memoryRelay){
		"closed": func(r *memoryRelay) { r.gone = true },
		"silent": func(r *memoryRelay) { r.frozen = true },
	} {
		t.Run(name, func(t *testing.T) {
			swap := func(p *pair) {
				advertised := netip.MustParseAddrPort("10.0.0.1:3478")
				good := p.net.relays[advertised]
				bad := &memoryRelay{net: p.net}
				fault(bad)
				p.net.relays[netip.MustParseAddrPort("10.0.0.1:3480")], p.net.relays[advertised] = good, bad
			}
			prepared(t, 1, swap, func(t *testing.T, p *pair) {
				p.bothTalk()
				time.Sleep(6 * time.Second)
				if len(p.callee.hearing(time.Time{})) == 0 || len(p.caller.hearing(time.Time{})) == 0 {
					t.Errorf("no sound after 6 s: %+v", p.caller.Legs())
				}
				if l := p.caller.Legs()[0]; !l.OtherPort || l.Addr != "10.0.0.1:3480" {
					t.Errorf("the leg is %+v", l)
				}
			})
		})
	}
}

func TestARelayThatPassesNothingOnIsBuiltAnew(t *testing.T) {
	prepared(t, 1, func(p *pair) { p.relays[0].deaf = true }, func(t *testing.T, p *pair) {
		p.bothTalk()
		p.caller.Rekey(calleeID)
		time.Sleep(25 * time.Second)
		p.relays[0].fault(func(r *memoryRelay) {
			if r.dialled != 6 { // by each end at 0, 10 and 20 s
				t.Errorf("dialled %d times", r.dialled)
			}
		})
	})
}

func TestARelayThatHangsUpIsLeftAloneForAMoment(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		dialled := func() (n int) {
			p.relays[0].fault(func(r *memoryRelay) { n = r.dialled })
			return n
		}
		p.relays[0].kill(io.EOF)
		p.relays[0].fault(func(r *memoryRelay) { r.gone = false })
		time.Sleep(hangUp - 100*time.Millisecond)
		if dialled() != 2 {
			t.Errorf("dialled %d times before two seconds were over", dialled())
		}
		time.Sleep(time.Second)
		if dialled() != 4 {
			t.Errorf("dialled %d times after two seconds", dialled())
		}
	})
}

func TestARelayThatTakesUsAndBreaksAtOnceIsDialledMoreAndMoreSlowly(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		for range 300 {
			time.Sleep(100 * time.Millisecond)
			p.relays[0].kill(errNobody)
			p.relays[0].fault(func(r *memoryRelay) { r.gone = false })
		}
		p.relays[0].fault(func(r *memoryRelay) {
			if r.dialled > 24 { // by two ends in half a minute
				t.Errorf("dialled %d times", r.dialled)
			}
		})
	})
}

func TestAChangeOfNetworkOpensEveryLegAnew(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		at, before := time.Now(), p.callee.lastSequence()
		p.caller.Redial()
		time.Sleep(3 * time.Second)
		// 50 packets of 60 ms; keys that began anew would be refused as replays.
		if n := int16(p.callee.lastSequence() - before); n < 40 || n > 60 {
			t.Errorf("the sequence went on by %d within three seconds, want about 50", n)
		}
		for _, r := range p.relays {
			r.fault(func(r *memoryRelay) {
				if r.dialled != 3 {
					t.Errorf("dialled %d times, want twice by the caller and once by the callee", r.dialled)
				}
			})
		}
		if gap := p.callee.longestGap(at); gap > patience {
			t.Errorf("the callee heard nothing for %v", gap)
		}
	})
}
