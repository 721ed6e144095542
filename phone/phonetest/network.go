// Package phonetest is a network made of nothing, for stories about the phone
// in virtual time: lines that call each other in one process, a codec that
// keeps every sample, and ways to misbehave.
//
//	net := phonetest.NewNetwork()
//	ours, theirs := net.NewLine("ours", "+441632960001"), net.NewLine("theirs", "+441632960002")
//
// Both are whole phone.Lines: a phone can own one, and linetest drives two.
package phonetest

import (
	"fmt"
	"sync"
	"time"

	"tring/phone"
)

// Network joins lines. Its fields may be changed before the lines run.
type Network struct {
	// Delay is how long an event travels.
	Delay time.Duration
	// MediaAtAnswer tells of sound as soon as a call is answered; otherwise
	// LegMedia comes with the first packet.
	MediaAtAnswer bool
	// NoAlerting never tells that the other side rings.
	NoAlerting bool
	// NoDigits has no keypad digits.
	NoDigits bool

	mu    sync.Mutex
	lines map[string]*Line // by number
	calls int
}

// NewNetwork makes a network without lines, on which events travel 20 ms.
func NewNetwork() *Network {
	return &Network{Delay: 20 * time.Millisecond, lines: map[string]*Line{}}
}

// NewLine adds a line with a number.
func (n *Network) NewLine(name, number string) *Line {
	l := &Line{
		net:   n,
		info:  phone.LineInfo{Name: name, Kind: phone.PersonalLine, Own: phone.Party{Number: number, PushName: name}, MediaEnd: "their device"},
		ready: make(chan struct{}, 1),
		fail:  make(chan error, 1),
		legs:  map[string]*Leg{},
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines[number] = l
	return l
}

func (n *Network) find(number string) *Line {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lines[number]
}

func (n *Network) newID() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls++
	return fmt.Sprintf("N%06d", n.calls)
}
