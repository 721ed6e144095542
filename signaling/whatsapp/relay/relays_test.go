package relay

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"tring/audio"
)

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
