package relay

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// Why a block is of no use. Each is a sentence.
var (
	ErrNoKey    = errors.New("the relay block has no key, so no relay will take us")
	ErrNoTokens = errors.New("the relay block has no tokens, so no relay will take us")
	ErrNoRelay  = errors.New("the relay block names no relay that can be reached from here")
)

// Block is the <relay> element of a call: the relays offered to both ends and
// what each asks for. It is plain data; ParseBlock reads it and Merge brings a
// later one in.
type Block struct {
	UUID string // for logs only
	// SelfPID and PeerPID number the two ends inside the relay session, 0 unknown.
	SelfPID, PeerPID int
	// Key is base64 text. The text, not what it decodes to, is the password of
	// ICE and the key of STUN's integrity.
	Key string
	// HopKey is 30 bytes for a hop-by-hop layer that calls of two do not use.
	HopKey []byte
	// TagLength is how many bytes authenticate an RTP packet; 0 means 4.
	TagLength int
	// Tokens and AuthTokens are indexed by id; nil is a missing one.
	Tokens, AuthTokens [][]byte
	Participants       []Participant
	Endpoints          []Endpoint
}

// Participant is a device in the call and its number inside the relay session.
type Participant struct {
	Device string // "user:device@lid"
	PID    int
}

// Endpoint is one address of one relay. Those of equal ID and Name are one relay.
type Endpoint struct {
	ID          int
	Name        string // cluster, echoed in relaylatency
	Addr        netip.AddrPort
	Raw         []byte // the 6 or 18 bytes as they came, echoed in relaylatency
	TokenID     int
	AuthTokenID int
	Protocol    int           // 0 is UDP; nothing else is dialled
	FNA         bool          // a relay inside the caller's own network
	RTT         time.Duration // as the server measured it, 0 unknown
	Domain      string
	// Fingerprint is the SHA-256 of the relay's certificate if it was announced,
	// as colon-separated hexadecimal; else empty.
	Fingerprint string
}

// Same reports whether two endpoints are addresses of one relay.
func (e Endpoint) Same(other Endpoint) bool { return e.ID == other.ID && e.Name == other.Name }

// Merge brings in a later block of the same call: what it has replaces, what
// it lacks stays.
func (b Block) Merge(newer Block) Block {
	return Block{
		UUID:         newest(newer.UUID, b.UUID),
		SelfPID:      newest(newer.SelfPID, b.SelfPID),
		PeerPID:      newest(newer.PeerPID, b.PeerPID),
		Key:          newest(newer.Key, b.Key),
		TagLength:    newest(newer.TagLength, b.TagLength),
		HopKey:       newestList(newer.HopKey, b.HopKey),
		Tokens:       newestList(newer.Tokens, b.Tokens),
		AuthTokens:   newestList(newer.AuthTokens, b.AuthTokens),
		Participants: newestList(newer.Participants, b.Participants),
		Endpoints:    newestList(newer.Endpoints, b.Endpoints),
	}
}

func newest[T comparable](newer, older T) T {
	var none T
	if newer != none {
		return newer
	}
	return older
}

func newestList[T any](newer, older []T) []T {
	if len(newer) > 0 {
		return newer
	}
	return older
}

// Public is the block without endpoints that no relay of the internet can have.
// Blocks also come with stanzas of the other side, which must not make us knock
// at addresses of our own network.
func (b Block) Public() Block {
	b.Endpoints = slices.DeleteFunc(slices.Clone(b.Endpoints), func(e Endpoint) bool {
		a := e.Addr.Addr().Unmap()
		return !a.IsGlobalUnicast() || a.IsPrivate()
	})
	return b
}

// Peer is the device at the other end as the relay session names it, or "".
func (b Block) Peer() string {
	for _, p := range b.Participants {
		if b.PeerPID != 0 && p.PID == b.PeerPID {
			return p.Device
		}
	}
	return ""
}

// Check reports whether any relay of the block can be dialled; the error is a
// sentence that says what is missing.
func (b Block) Check() error {
	switch {
	case b.Key == "":
		return ErrNoKey
	case len(b.Tokens) == 0:
		return ErrNoTokens
	case b.TagLength < 0 || b.TagLength > 20:
		return fmt.Errorf("the relay block asks for packet tags of %d bytes; only 1 to 20 exist", b.TagLength)
	case len(b.usable()) == 0:
		return ErrNoRelay
	}
	return nil
}

// usable are the endpoints to dial: over UDP, with a token, the relays inside
// the caller's network first, IPv4 before IPv6, else in the order offered.
func (b Block) usable() []Endpoint {
	var ranked [4][]Endpoint
	for _, e := range b.Endpoints {
		if e.Protocol != 0 || !e.Addr.IsValid() || e.Addr.Port() == 0 || e.Addr.Addr().IsUnspecified() || len(b.token(e)) == 0 {
			continue
		}
		rank := 0
		if !e.FNA {
			rank++
		}
		if e.Addr.Addr().Is6() {
			rank += 2
		}
		ranked[rank] = append(ranked[rank], e)
	}
	var all []Endpoint
	for _, group := range ranked {
		all = append(all, group...)
	}
	return all[:min(len(all), maxLegs)]
}

// token is the credential of an endpoint's registration.
func (b Block) token(e Endpoint) []byte { return entry(b.Tokens, e.TokenID) }

// user is the text that names us to the relay's ICE: its auth token, else its
// token (evidence: WhatsApp Web's bundle, vinikjkkj/zapo, JotaDev66/WaCalls).
func (b Block) user(e Endpoint) string {
	if t := entry(b.AuthTokens, e.AuthTokenID); len(t) > 0 {
		return base64Text(t)
	}
	return base64Text(b.token(e))
}

func entry(table [][]byte, id int) []byte {
	if id < 0 || id >= len(table) {
		return nil
	}
	return table[id]
}
