package chat

import (
	"errors"
	"slices"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The faults of the chat server. Those of the first group befall stanzas on
// their way to a client; the others change what the server does.
const (
	FaultWithhold  FaultKind = "withhold"  // it never arrives
	FaultDelay     FaultKind = "delay"     // it arrives after Delay
	FaultDuplicate FaultKind = "duplicate" // it arrives twice
	FaultReorder   FaultKind = "reorder"   // it arrives after the next one with its tag

	FaultNoRelay  FaultKind = "no-relay"   // calls of the account get no relay block
	FaultBadKey   FaultKind = "bad-key"    // the account's devices cannot decrypt call keys
	FaultNoKeys   FaultKind = "no-keys"    // the account's prekeys cannot be had
	FaultNoSpare  FaultKind = "no-spare"   // bundles of the account come without a one-time key
	FaultStale    FaultKind = "stale"      // calls look Delay old on arrival
	FaultOffline  FaultKind = "offline"    // calls look delivered from the offline queue
	FaultAckError FaultKind = "call-error" // offers of the account, or what Stanza names, are answered with error Code
	FaultCompany  FaultKind = "company"    // calls arrive with an unknown child before their own
)

var faultKinds = []FaultKind{
	FaultWithhold, FaultDelay, FaultDuplicate, FaultReorder,
	FaultNoRelay, FaultBadKey, FaultNoKeys, FaultNoSpare, FaultStale, FaultOffline, FaultAckError, FaultCompany,
}

// Fault is something that is to go wrong. Empty selectors match everything.
type Fault struct {
	ID      int       `json:"id,omitempty"` // given by Inject
	Kind    FaultKind `json:"kind"`
	Account string    `json:"account,omitempty"` // number of the account that it befalls
	Device  *uint16   `json:"device,omitempty"`  // of that account
	CallID  string    `json:"call_id,omitempty"`
	// Stanza is a tag such as "message" or "notification", an action of a call
	// such as "offer", or "ack/offer" for the acknowledgement of one.
	Stanza string        `json:"stanza,omitempty"`
	Delay  time.Duration `json:"delay,omitempty"`
	Code   int           `json:"code,omitempty"`
	Times  int           `json:"times,omitempty"` // how often; 0 until it is lifted
}

// Errors about faults.
var (
	ErrFault     = errors.New("there is no such kind of fault")
	ErrFaultCode = errors.New("a call-error fault needs a code, such as 463")
	ErrNoFault   = errors.New("no fault with this number is set")
)

type fault struct{ Fault }

// Inject sets a fault and returns its number.
func (s *Server) Inject(f Fault) (int, error) {
	if !slices.Contains(faultKinds, f.Kind) {
		return 0, ErrFault
	}
	if f.Kind == FaultAckError && f.Code == 0 {
		return 0, ErrFaultCode
	}
	if f.Account != "" {
		plain, err := digits(f.Account)
		if err != nil {
			return 0, err
		}
		f.Account = "+" + plain
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextFault++
	f.ID = s.nextFault
	s.faults = append(s.faults, &fault{f})
	s.log.Info("fault set", "id", f.ID, "kind", f.Kind)
	return f.ID, nil
}

// Lift takes a fault back; 0 takes all back.
func (s *Server) Lift(id int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(f *fault) bool { return id == 0 || f.ID == id })
	if id != 0 && len(s.faults) == before {
		return ErrNoFault
	}
	return nil
}

// Faults lists the faults that are set.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		out = append(out, f.Fault)
	}
	return out
}

// DropSockets cuts the connections of an account's companions without a word,
// or of all accounts if number is empty. It returns how many it cut.
func (s *Server) DropSockets(number string) (int, error) {
	return s.eachConn(number, func(c *conn) { go c.cut() })
}

// StreamError ends the connections of an account's companions, or of all, with
// an error code such as 503.
func (s *Server) StreamError(number, code string) (int, error) {
	return s.eachConn(number, func(c *conn) {
		c.end(node{Tag: "stream:error", Attrs: attrs{"code": code}})
	})
}

func (s *Server) eachConn(number string, do func(*conn)) (n int, err error) {
	accounts := s.Accounts()
	if number != "" {
		a, err := s.Account(number)
		if err != nil {
			return 0, err
		}
		accounts = []*Account{a}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range accounts {
		for _, d := range a.devices {
			if c, ok := d.link.(*conn); ok {
				do(c)
				n++
			}
		}
	}
	return n, nil
}

// faulty finds a fault of a kind that befalls a device now, and uses it up.
// Called with the lock held.
func (s *Server) faulty(kind FaultKind, d *device, stanza string) *Fault {
	return s.faultOn(kind, d, "", stanza)
}

func (s *Server) faultOn(kind FaultKind, d *device, callID string, stanza ...string) *Fault {
	for i, f := range s.faults {
		if f.Kind != kind || !f.befalls(d, callID, stanza) {
			continue
		}
		found := f.Fault
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return &found
	}
	return nil
}

func (f *fault) befalls(d *device, callID string, stanza []string) bool {
	return (f.Account == "" || f.Account == d.account.Number()) &&
		(f.Device == nil || *f.Device == d.id) &&
		(f.CallID == "" || f.CallID == callID) &&
		(f.Stanza == "" || slices.Contains(stanza, f.Stanza))
}

// faultCode is the error that a fault answers an action of a call with, or 0.
// A fault that names no action befalls offers.
func (s *Server) faultCode(d *device, action *node) int {
	befalls := func(f *fault) bool {
		return f.Kind == FaultAckError && (f.Stanza != "" || action.Tag == "offer") && f.befalls(d, text(action, "call-id"), []string{action.Tag})
	}
	if !slices.ContainsFunc(s.faults, befalls) {
		return 0
	}
	return s.faultOn(FaultAckError, d, text(action, "call-id"), action.Tag).Code
}

// withholdsKeys reports whether a fault hides the keys of a device.
func (s *Server) withholdsKeys(d *device) bool {
	d.keyless = s.faulty(FaultNoKeys, d, "keys") != nil
	return d.keyless
}
