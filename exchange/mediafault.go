package exchange

import (
	"fmt"
	"sync"

	"tring/exchange/relay"
)

// MediaFault is what goes wrong with the media of some calls.
type MediaFault struct {
	// Silent makes the relays of a new call never answer.
	Silent bool
	// Port makes the relays of a new call advertise this port and those after it
	// instead of their own, as real ones advertise 3478 and serve web clients on
	// 3480; 0 is their own.
	Port uint16
	// Move makes the account's phone change to this relay after the answer;
	// nil leaves it where it is.
	Move *int
	// Path is the network between the account's phone and every relay; nil is
	// a perfect one.
	Path *relay.Paths
}

// Scope says whom a fault concerns: one call, one account, or everybody if
// both are empty.
type Scope struct {
	Call    string // call id
	Account string // number
}

// kind names the scope without telling a number.
func (s Scope) kind() string {
	switch {
	case s.Call != "":
		return "one call"
	case s.Account != "":
		return "one account"
	}
	return "everybody"
}

// maxScopes bounds the faults that are set at once.
const maxScopes = 1000

// mediaFaults remembers which faults are set for whom.
type mediaFaults struct {
	mu  sync.Mutex
	set map[Scope]MediaFault
}

func (m *mediaFaults) put(s Scope, f MediaFault) error {
	if f.Path != nil {
		if err := f.Path.Up.Check(); err != nil {
			return err
		}
		if err := f.Path.Down.Check(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.set == nil {
		m.set = map[Scope]MediaFault{}
	}
	if len(m.set) >= maxScopes {
		return fmt.Errorf("%d faults are set already; clear some first", maxScopes)
	}
	m.set[s] = f
	return nil
}

func (m *mediaFaults) clear(s Scope) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.set, s)
}

// find is the fault of one side of a call: its call's, else its account's,
// else everybody's.
func (m *mediaFaults) find(callID, number string) (MediaFault, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range []Scope{{Call: callID}, {Account: number}, {}} {
		if f, found := m.set[s]; found {
			return f, true
		}
	}
	return MediaFault{}, false
}

// either says whether a property is set for one of the two sides.
func (m *mediaFaults) either(callID string, numbers [2]string, has func(MediaFault) bool) bool {
	for _, number := range numbers {
		if f, found := m.find(callID, number); found && has(f) {
			return true
		}
	}
	return false
}
