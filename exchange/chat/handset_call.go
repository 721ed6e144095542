package chat

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// HandsetCall is a call as the handset sees it. The handset signals as a real
// one; it has no microphone, so nothing is heard of it.
type HandsetCall struct {
	ID       string       `json:"id"`
	Number   string       `json:"number"` // the other side
	Incoming bool         `json:"incoming"`
	Video    bool         `json:"video,omitempty"`
	State    HandsetState `json:"state"`
	Reason   string       `json:"reason,omitempty"` // how it ended, as the network said
	KeyRead  bool         `json:"key_read"`         // the call key was decrypted, or is our own
	Muted    bool         `json:"muted,omitempty"`  // the other side said so
	Rates    []int        `json:"rates,omitempty"`  // of sound, in Hz, that their last preaccept or accept takes
	Log      []string     `json:"log"`              // actions that the handset got, in order
	peer     types.JID    // the other side's device
	creator  types.JID
	rung     []types.JID // every device that an outgoing call was offered to
	answered bool
}

// HandsetState is where a handset's call is.
type HandsetState string

// The states of a handset's call.
const (
	HandsetCalling   HandsetState = "calling"
	HandsetAlerting  HandsetState = "alerting" // the other side rings
	HandsetRinging   HandsetState = "ringing"  // this handset rings
	HandsetConnected HandsetState = "connected"
	HandsetEnded     HandsetState = "ended"
)

// CallPolicy is what a handset does by itself when it rings.
type CallPolicy struct {
	Do    CallAction    `json:"do"`
	After time.Duration `json:"after,omitempty"`
}

// CallAction is one thing that a handset can do with a call that rings.
type CallAction string

// The actions of a policy.
const (
	LetRing CallAction = ""        // nothing
	Answer  CallAction = "answer"  // take it
	Decline CallAction = "decline" // end it for all devices
	Busy    CallAction = "busy"    // for this device only
	Silent  CallAction = "silent"  // not even confirm that it rings
)

// Errors about a handset's calls.
var (
	ErrNoCall   = errors.New("the handset has no such call")
	ErrNotRings = errors.New("the call does not ring on this handset any more")
	ErrAction   = errors.New("a handset can answer, decline, be busy, be silent or let it ring")
)

// keepHandsetCalls bounds a handset's memory of calls.
const keepHandsetCalls = 50

// SetPolicy says what the handset does when it rings.
func (h *Handset) SetPolicy(p CallPolicy) error {
	if !slices.Contains([]CallAction{LetRing, Answer, Decline, Busy, Silent}, p.Do) {
		return ErrAction
	}
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	h.policy = p
	return nil
}

// Calls are the handset's latest calls, oldest first.
func (h *Handset) Calls() []HandsetCall {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []HandsetCall{}
	for _, c := range h.calls {
		out = append(out, c.copy())
	}
	return out
}

func (c *HandsetCall) copy() HandsetCall {
	out := *c
	out.Log, out.Rates = slices.Clone(c.Log), slices.Clone(c.Rates)
	return out
}

// AwaitCall waits for a call that match wants; it looks at those that are
// already there too.
func (h *Handset) AwaitCall(ctx context.Context, match func(HandsetCall) bool) (HandsetCall, error) {
	var found HandsetCall
	err := h.await(ctx, func() bool {
		for _, c := range h.calls {
			if match(*c) {
				found = c.copy()
				return true
			}
		}
		return false
	})
	return found, err
}

func (h *Handset) find(id string) *HandsetCall {
	for _, c := range h.calls {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (h *Handset) keepCall(c *HandsetCall) {
	if len(h.calls) >= keepHandsetCalls {
		h.calls = slices.Delete(h.calls, 0, 1)
	}
	h.calls = append(h.calls, c)
	h.happened()
}
