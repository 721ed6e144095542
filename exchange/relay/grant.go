package relay

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"time"
)

// Side is which end of a call a phone is on; it is also the participant id
// that the relay block names it by.
type Side int

// The two sides of a call.
const (
	Caller Side = iota
	Callee
)

// Other is the far end of a side.
func (s Side) Other() Side { return 1 - s }

func (s Side) String() string { return [...]string{"caller", "callee"}[s] }

// Grant is what both sides of one call are given to use the relays.
type Grant struct {
	UUID string // 16 characters, for logs
	// Key is 16 random bytes. Its base64 text, KeyText, is the ICE password
	// and the integrity key of every STUN message.
	Key [16]byte
	// HopKey is the 30-byte hop-by-hop key; calls of two people do not use it.
	HopKey [30]byte
	// Endpoints are the relays as each side is told of them.
	Endpoints [2][]Endpoint
}

// KeyText is the base64 text that phones use as the password.
func (g *Grant) KeyText() string { return base64.StdEncoding.EncodeToString(g.Key[:]) }

// Endpoint is one relay with the credentials of one side of one call.
type Endpoint struct {
	Relay int            // index in the cluster
	Name  string         // cluster name, as real ones are called "for2c01"
	Addr  netip.AddrPort // where to send
	Token []byte         // proves the side in an Allocate, raw
	Auth  []byte         // its base64 text is the ICE user name
	FNA   bool           // marked as the in-network appliance
	RTT   time.Duration  // round trip that the network claims to have measured
}

// tokenSizes are those of real tokens; 194 bytes make an ICE user name of 260
// characters, longer than browsers accept, and phones must cope.
var tokenSizes = [...]int{168, 194, 152, 200}

// claimedRTTs make a different relay the best one for each side, as it is when
// people live far apart.
var claimedRTTs = [2][]time.Duration{
	{12 * time.Millisecond, 45 * time.Millisecond, 80 * time.Millisecond, 31 * time.Millisecond},
	{38 * time.Millisecond, 15 * time.Millisecond, 66 * time.Millisecond, 90 * time.Millisecond},
}

func newGrant() *Grant {
	g := &Grant{}
	rand.Read(g.Key[:])
	rand.Read(g.HopKey[:])
	var id [8]byte
	rand.Read(id[:])
	g.UUID = hex.EncodeToString(id[:])
	return g
}

func newEndpoint(side Side, index int, name string, addr netip.AddrPort) Endpoint {
	size := tokenSizes[index%len(tokenSizes)]
	e := Endpoint{Relay: index, Name: name, Addr: addr, Token: make([]byte, size), Auth: make([]byte, size)}
	e.RTT = claimedRTTs[side][index%len(claimedRTTs[side])]
	rand.Read(e.Token)
	rand.Read(e.Auth)
	return e
}

// username is the ICE user name fragment of a credential.
func username(credential []byte) string { return base64.StdEncoding.EncodeToString(credential) }
