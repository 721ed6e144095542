package leg

import (
	"math/rand/v2"
	"time"
)

// Network is what goes wrong on the way between client and relay.
type Network struct {
	Loss      float64       `json:"loss,omitempty"`      // share of SRTP packets lost, each way, 0..1
	Duplicate float64       `json:"duplicate,omitempty"` // share of SRTP packets that arrive twice, toward the client
	Jitter    time.Duration `json:"jitter,omitempty"`    // extra delay toward the client, 0 to this; reorders
}

// lost decides the fate of one packet.
func (n Network) lost() bool { return n.Loss > 0 && rand.Float64() < n.Loss }

// copies is how often a packet arrives.
func (n Network) copies() int {
	if n.Duplicate > 0 && rand.Float64() < n.Duplicate {
		return 2
	}
	return 1
}

func (n Network) delay() time.Duration {
	if n.Jitter <= 0 {
		return 0
	}
	return rand.N(n.Jitter)
}
