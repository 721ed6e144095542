package stanza

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Relay is a <relay> block as it stood on the wire, bounded but not judged:
// the relay package decides what is usable.
type Relay struct {
	UUID            string
	SelfPID         int
	PeerPID         int
	TagLen          int    // warp_mi_tag_len, 0 if absent
	Key, HBHKey     string // base64 text
	Tokens          map[int][]byte
	AuthTokens      map[int][]byte
	Endpoints       []Endpoint
	Participants    []Participant
	AttributePadded bool
}

// Endpoint is one <te2>.
type Endpoint struct {
	RelayID     int
	Name        string
	TokenID     int
	AuthTokenID int
	Protocol    int
	FNA         bool
	RTT         int // c2r_rtt in milliseconds, -1 if absent
	Domain      string
	Fingerprint string // certificate hash, only on a local exchange
	Address     []byte // 6 or 18 bytes
}

// Participant is one <participant> of a relay.
type Participant struct {
	PID int
	JID types.JID
}

// Bounds of the tables inside a relay block.
const (
	maxTokens    = 64
	maxEndpoints = 64
)

// parseRelay reads a <relay>; nil stays nil.
func parseRelay(n *waBinary.Node) *Relay {
	if n == nil {
		return nil
	}
	r := &Relay{
		UUID: id(n, "uuid"), SelfPID: number(n, "self_pid", -1), PeerPID: number(n, "peer_pid", -1),
		TagLen: number(n, "warp_mi_tag_len", 0), AttributePadded: text(n, "attribute_padding") == "1",
		Tokens: map[int][]byte{}, AuthTokens: map[int][]byte{},
	}
	for _, c := range children(n) {
		r.take(&c)
	}
	return r
}

func (r *Relay) take(c *waBinary.Node) {
	switch c.Tag {
	case "key":
		r.Key = string(blob(c, maxText))
	case "hbh_key":
		r.HBHKey = string(blob(c, maxText))
	case "warp_mi_tag_len":
		r.TagLen = atoi(string(blob(c, 8)), r.TagLen)
	case "token":
		index(r.Tokens, c)
	case "auth_token":
		index(r.AuthTokens, c)
	case "te2":
		r.endpoint(c)
	case "participant":
		r.participant(c)
	}
}

// index puts a token where its id says; without one at the next free index.
func index(table map[int][]byte, c *waBinary.Node) {
	at, content := number(c, "id", len(table)), blob(c, maxBlob)
	if at >= 0 && at < maxTokens && len(content) > 0 {
		table[at] = content
	}
}

func (r *Relay) endpoint(c *waBinary.Node) {
	address := blob(c, 18)
	if len(r.Endpoints) >= maxEndpoints || (len(address) != 6 && len(address) != 18) {
		return
	}
	r.Endpoints = append(r.Endpoints, Endpoint{
		RelayID: number(c, "relay_id", 0), Name: id(c, "relay_name"),
		TokenID: number(c, "token_id", 0), AuthTokenID: number(c, "auth_token_id", 0),
		Protocol: number(c, "protocol", 0), FNA: text(c, "is_fna") == "1", RTT: number(c, "c2r_rtt", -1),
		Domain: id(c, "domain_name"), Fingerprint: text(c, "fingerprint"), Address: address,
	})
}

func (r *Relay) participant(c *waBinary.Node) {
	j := jid(c, "jid")
	if len(r.Participants) < maxDevices && !j.IsEmpty() {
		r.Participants = append(r.Participants, Participant{PID: number(c, "pid", -1), JID: j})
	}
}

// Peer is the device that the block names as the other side, if it names one.
func (r *Relay) Peer() (types.JID, bool) {
	for _, p := range r.Participants {
		if p.PID == r.PeerPID && p.PID >= 0 {
			return p.JID, true
		}
	}
	return types.JID{}, false
}
