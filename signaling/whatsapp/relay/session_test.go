package relay

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tring/audio"
)

func (p *pair) bothTalk() {
	p.start()
	p.caller.talk()
	p.callee.talk()
}

func wantEvents(t *testing.T, e *phoneEnd, want ...EventKind) {
	t.Helper()
	var got []EventKind
	for _, k := range e.kinds() {
		if k != LegOpen {
			got = append(got, k)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("was told %v, want %v", got, want)
	}
}

func TestSpeechFlowsBothWaysOverAllRelays(t *testing.T) {
	inMemory(t, 3, func(t *testing.T, p *pair) {
		p.bothTalk()
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

func TestEveryRelayReportsItsRoundTripOnce(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		time.Sleep(10 * time.Second)
		p.caller.mu.Lock()
		defer p.caller.mu.Unlock()
		names := map[string]time.Duration{}
		for _, e := range p.caller.events {
			names[e.Relay.Name] = e.Latency
		}
		if len(p.caller.events) != 2 || names["relay0"] != 20*time.Millisecond || names["relay1"] != 20*time.Millisecond {
			t.Errorf("told %+v, want each relay once with 20 ms", p.caller.events)
		}
	})
}

func TestNothingIsSentBeforeMediaMayStart(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.caller.talk()
		time.Sleep(2 * time.Second)
		p.relays[0].fault(func(r *memoryRelay) {
			if r.media != [2]int{} {
				t.Errorf("packets of sound before StartMedia: %v", r.media)
			}
		})
		if len(p.callee.hearing(time.Time{})) != 0 {
			t.Error("sound was delivered before StartMedia")
		}
	})
}

func TestComfortNoiseFlowsUntilSomebodyWritesAndWheneverNobodyDoes(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.start()
		time.Sleep(3 * time.Second)
		for range 10 {
			p.caller.WritePacket(speech(0), 960, false)
			time.Sleep(60 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		p.callee.mu.Lock()
		heard := slices.Clone(p.callee.heard)
		p.callee.mu.Unlock()
		// What was sent at the same instant may arrive in either order.
		slices.SortFunc(heard, func(a, b audio.Packet) int { return int(a.Sequence) - int(b.Sequence) })
		for i := 1; i < len(heard); i++ {
			gap := heard[i].Arrival.Sub(heard[i-1].Arrival)
			step := audio.SampleRate(16000).D(int(heard[i].Timestamp - heard[i-1].Timestamp))
			if gap > 5*60*time.Millisecond || step > 5*60*time.Millisecond || heard[i].Sequence != heard[i-1].Sequence+1 {
				t.Fatalf("packet %d came %v after the last, %v of sound later", i, gap, step)
			}
		}
		if first, last := heard[0], heard[len(heard)-1]; last.Arrival.Sub(first.Arrival)-audio.SampleRate(16000).D(int(last.Timestamp-first.Timestamp)) > 120*time.Millisecond {
			t.Error("the clock of the sound fell behind")
		}
	})
}

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

func TestReportsMeasureTheRoundTrip(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(8 * time.Second)
		// A relay's delay is on its answers alone: 20 ms to each end.
		if got := p.caller.Network(); got.RTT < 39*time.Millisecond || got.RTT > 41*time.Millisecond || got.RemoteLoss != 0 {
			t.Errorf("round trip %v, loss %v", got.RTT, got.RemoteLoss)
		}
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

func TestARelayThatAsksIsAnswered(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		p.relays[0].ask(newSTUN(nil, bindingRequest, transaction{1}).integrity(relayKey).checksum())
		p.relays[0].ask(newSTUN(nil, bindingRequest, transaction{2}).integrity("another key").checksum())
		time.Sleep(time.Second)
		p.relays[0].fault(func(r *memoryRelay) {
			if r.consent != 2 { // each end the first one
				t.Errorf("%d answers, want 2", r.consent)
			}
		})
	})
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

func TestBindingRequestsAreSentOnlyWhenAskedFor(t *testing.T) {
	for register, want := range map[bool]int{false: 0, true: 8} {
		prepared(t, 1, func(p *pair) { p.register = register }, func(t *testing.T, p *pair) {
			time.Sleep(16 * time.Second)
			p.relays[0].fault(func(r *memoryRelay) {
				if r.bound != want {
					t.Errorf("register %v: %d Binding requests, want %d", register, r.bound, want)
				}
			})
		})
	}
}

func TestANewerBlockAddsItsRelays(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		addr := netip.MustParseAddrPort("10.0.0.9:3478")
		p.net.mu.Lock()
		p.net.relays[addr] = &memoryRelay{net: p.net, key: relayKey, tokens: map[string]int{"token 0 of end 0": 0}}
		p.net.mu.Unlock()
		p.caller.Update(Block{Endpoints: []Endpoint{{ID: 9, Name: "relay9", Addr: addr, AuthTokenID: -1}}})
		time.Sleep(time.Second)
		if legs := p.caller.Legs(); len(legs) != 3 || !legs[2].Registered || !legs[0].Open {
			t.Errorf("legs %+v", legs)
		}
		if p.caller.count(LegOpen) != 3 {
			t.Errorf("told %v", p.caller.kinds())
		}
	})
}

func TestANewerBlockRenewsTheTokensOfItsRelays(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		time.Sleep(time.Second)
		renewed := p.caller.config.Block
		renewed.Tokens = [][]byte{[]byte("another token")}
		p.caller.Update(renewed)
		time.Sleep(time.Second)
		p.relays[0].fault(func(r *memoryRelay) { r.tokens = map[string]int{"another token": 0} })
		p.caller.Redial()
		time.Sleep(time.Second)
		if l := p.caller.Legs()[0]; !l.Registered {
			t.Errorf("the leg is %+v", l)
		}
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

func TestReportsAloneKeepTheMediaAlive(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		p.relays[0].fault(func(r *memoryRelay) { r.soundless = true })
		time.Sleep(12 * time.Second)
		wantEvents(t, p.caller, FirstMedia)
		p.relays[0].fault(func(r *memoryRelay) { r.deaf = true })
		time.Sleep(7 * time.Second)
		wantEvents(t, p.caller, FirstMedia, MediaStopped)
		p.relays[0].fault(func(r *memoryRelay) { r.deaf = false })
		time.Sleep(2 * time.Second)
		wantEvents(t, p.caller, FirstMedia, MediaStopped, MediaBack)
	})
}

func TestAChangeOfNetworkOpensEveryLegAnew(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		at := time.Now()
		p.caller.Redial()
		time.Sleep(3 * time.Second)
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

func TestSoundFollowsAnAnswerAtOnce(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.caller.StartMedia()
		time.Sleep(3*time.Second + 30*time.Millisecond)
		answered := time.Now()
		p.callee.StartMedia()
		time.Sleep(time.Second)
		for name, e := range map[string]*phoneEnd{"caller": p.caller, "callee": p.callee} {
			e.mu.Lock()
			if len(e.heard) == 0 || e.heard[0].Arrival.Sub(answered) > 100*time.Millisecond {
				t.Errorf("%s heard nothing within 100 ms of the answer", name)
			}
			e.mu.Unlock()
		}
	})
}

func TestOurOwnSoundComingBackIsDropped(t *testing.T) {
	prepared(t, 1, func(p *pair) { p.relays[0].echoes = true }, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(5 * time.Second)
		d := p.caller.Dropped()
		if d.Echoed < 70 || d.Forged != 0 || len(p.caller.hearing(time.Time{})) != 0 {
			t.Errorf("dropped %+v, heard %d packets", d, len(p.caller.hearing(time.Time{})))
		}
	})
}

func TestNetworkSaysWhatPeopleWantToKnow(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		if got := p.caller.Network().Path; got != "0 relays" {
			t.Errorf("path before any: %q", got)
		}
		time.Sleep(time.Second)
		if got := p.caller.Network().Path; got != "2 relays" {
			t.Errorf("path before media: %q", got)
		}
		p.bothTalk()
		p.caller.SetRemoteMuted(true)
		time.Sleep(3 * time.Second)
		n := p.caller.Network()
		if n.Path != "relay relay0" && n.Path != "relay relay1" || !n.RemoteMuted || n.Encrypted != "end to end" {
			t.Errorf("%+v", n)
		}
		if n.Sent < 45 || n.Received < 45 || n.SentBytes < 45*100 || n.RecvBytes < 45*100 || n.Jitter > time.Millisecond {
			t.Errorf("%+v", n)
		}
	})
}

func TestBlocksAndOptionsThatCannotWorkAreRefused(t *testing.T) {
	net, _, blocks := newNet(1)
	good := Config{Block: blocks[0], CallID: testCallID, Own: callerID, Peer: calleeID, Options: Options{dial: net.dial}}
	for name, c := range map[string]struct {
		spoil func(c *Config)
		want  error
	}{
		"no key":                 {func(c *Config) { c.Block.Key = "" }, ErrNoKey},
		"no tokens":              {func(c *Config) { c.Block.Tokens = nil }, ErrNoTokens},
		"no relays":              {func(c *Config) { c.Block.Endpoints = nil }, ErrNoRelay},
		"a tag beyond HMAC":      {func(c *Config) { c.Block.TagLength = 21 }, nil},
		"an unknown transport":   {func(c *Config) { c.Options = Options{Transport: "pigeon"} }, nil},
		"a frame of no duration": {func(c *Config) { c.Codec = audio.Codec{Name: "opus"} }, nil},
	} {
		config := good
		c.spoil(&config)
		s, err := Open(t.Context(), config)
		if err == nil {
			s.Close()
		}
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
