package relay

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/pion/ice/v4"
)

// ICE's timers: how often a path is checked while it opens and after, and when
// it counts as interrupted and as gone (the last three as JotaDev66/WaCalls has
// them live).
const (
	iceCheck        = 50 * time.Millisecond
	iceKeepalive    = 2 * time.Second
	iceDisconnected = 5 * time.Second
	iceFailed       = 25 * time.Second
	// iceChecks is how many checks may stay unanswered while a path opens: pion's
	// seven would give up a third of a second after the first.
	iceChecks = uint16(connectTime / iceCheck)
)

// dialICE opens a channel over a path that ICE found and keeps checking.
func dialICE(ctx context.Context, to target) (channel, error) {
	agent, err := newAgent(to.Addr.Addr())
	if err != nil {
		return nil, err
	}
	path, err := findPath(ctx, agent, to)
	if err != nil {
		agent.Close()
		return nil, fmt.Errorf("the relay did not answer the path check: %w", err)
	}
	// Closing the path closes the agent with it.
	return connectSecurely(ctx, path, to.Fingerprint)
}

func newAgent(remote netip.Addr) (*ice.Agent, error) {
	options := []ice.AgentOption{
		ice.WithNetworkTypes([]ice.NetworkType{networkOf(remote)}),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithIPFilter(reaches(remote)),
		ice.WithCheckInterval(iceCheck),
		ice.WithMaxBindingRequests(iceChecks),
		ice.WithKeepaliveInterval(iceKeepalive),
		ice.WithDisconnectedTimeout(iceDisconnected),
		ice.WithFailedTimeout(iceFailed),
		ice.WithHostAcceptanceMinWait(0),
		ice.WithLoggerFactory(quiet),
	}
	if remote.IsLoopback() {
		options = append(options, ice.WithIncludeLoopback())
	}
	return ice.NewAgentWithOptions(options...)
}

func networkOf(remote netip.Addr) ice.NetworkType {
	if remote.Is4() {
		return ice.NetworkTypeUDP4
	}
	return ice.NetworkTypeUDP6
}

// reaches keeps the addresses of ours from which a relay can be reached: on
// the same machine those of the loopback alone, else all others.
func reaches(remote netip.Addr) func(net.IP) bool {
	return func(ours net.IP) bool { return ours.IsLoopback() == remote.IsLoopback() }
}

// findPath gathers our addresses and checks them against the relay's one.
func findPath(ctx context.Context, agent *ice.Agent, to target) (*ice.Conn, error) {
	gathered := make(chan struct{})
	err := agent.OnCandidate(func(c ice.Candidate) {
		if c == nil {
			close(gathered)
		}
	})
	if err != nil {
		return nil, err
	}
	if err := agent.GatherCandidates(); err != nil {
		return nil, err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	remote, err := ice.NewCandidateHost(&ice.CandidateHostConfig{
		Network: "udp", Address: to.Addr.Addr().String(), Port: int(to.Addr.Port()), Component: ice.ComponentRTP,
	})
	if err != nil {
		return nil, err
	}
	if err := agent.AddRemoteCandidate(remote); err != nil {
		return nil, err
	}
	return agent.Dial(ctx, to.User, to.Password)
}
