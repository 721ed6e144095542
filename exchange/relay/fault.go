package relay

import (
	"errors"
	"fmt"
)

// Kill stops a relay: its socket closes and its legs are gone. Revive opens
// it again on the same address.
func (c *Cluster) Kill(relay int) error {
	r, err := c.relay(relay)
	if err != nil {
		return err
	}
	r.kill()
	return nil
}

// Revive opens a killed relay again; a living one is left alone.
func (c *Cluster) Revive(relay int) error {
	r, err := c.relay(relay)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errors.New("the relays have been closed")
	}
	if r.alive() {
		return nil
	}
	return r.listen()
}

// Freeze makes a relay swallow everything without an answer, or thaws it.
func (c *Cluster) Freeze(relay int, frozen bool) error {
	r, err := c.relay(relay)
	if err != nil {
		return err
	}
	r.frozen.Store(frozen)
	return nil
}

func (c *Cluster) relay(index int) (*Relay, error) {
	if index < 0 || index >= len(c.relays) {
		return nil, fmt.Errorf("there is no relay %d; they are numbered 0 to %d", index, len(c.relays)-1)
	}
	return c.relays[index], nil
}

// ImpairAll sets the path of every leg that has none of its own; nil is a
// perfect network.
func (c *Cluster) ImpairAll(p *Paths) error {
	if err := p.check(); err != nil {
		return err
	}
	c.all.Store(p)
	return nil
}

// Impair sets the path between one side of a call and every relay; nil gives
// it back to ImpairAll.
func (c *Cluster) Impair(callID string, side Side, p *Paths) error {
	k, err := c.call(callID)
	if err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	for _, s := range k.seats[side] {
		s.path.Store(p)
	}
	return nil
}

func (p *Paths) check() error {
	if p == nil {
		return nil
	}
	if err := p.Up.Check(); err != nil {
		return err
	}
	return p.Down.Check()
}

// Move makes one side's sound leave and enter the network at one relay, as a
// phone does that elects another relay after the answer. Whoever is not bound
// there no longer hears it. A negative relay ends the move.
func (c *Cluster) Move(callID string, side Side, relay int) error {
	k, err := c.call(callID)
	if err != nil {
		return err
	}
	if relay >= 0 {
		if _, err := c.relay(relay); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.moved[side] = max(relay, -1)
	return nil
}
