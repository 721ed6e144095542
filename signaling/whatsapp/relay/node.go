package relay

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Node is an element of a stanza, however the signalling side reads it.
type Node struct {
	Tag      string
	Attrs    map[string]string
	Content  []byte
	Children []Node
}

// Bounds of what a block may hold; anything beyond is hostile and left out.
const (
	maxTableEntries = 64
	maxTokenLength  = 1024
	maxParticipants = 32
	maxEndpoints    = 64
	maxText         = 256
	maxLegs         = 16
	maxDelay        = time.Minute
)

const hopKeyLength = 30

// ParseBlock reads a <relay> element. It never fails: what is malformed is left
// out, and Check says whether enough is left to place a call with.
func ParseBlock(n Node) Block {
	b := Block{
		UUID: n.text("uuid"), SelfPID: n.number("self_pid"), PeerPID: n.number("peer_pid"),
		TagLength: max(0, n.number("warp_mi_tag_len")), // some servers send it as a child
	}
	for _, c := range n.Children {
		b.read(c)
	}
	return b
}

func (b *Block) read(n Node) {
	switch n.Tag {
	case "key":
		b.Key = keyText(n.Content)
	case "hbh_key":
		if key, err := decodeBase64(n.Content); err == nil && len(key) == hopKeyLength {
			b.HopKey = key
		}
	case "warp_mi_tag_len":
		b.TagLength = max(0, atoi(string(n.Content)))
	case "token":
		b.Tokens = put(b.Tokens, n)
	case "auth_token":
		b.AuthTokens = put(b.AuthTokens, n)
	case "participant":
		if len(b.Participants) < maxParticipants {
			b.Participants = append(b.Participants, Participant{n.text("jid"), n.number("pid")})
		}
	case "te2":
		if e, ok := endpoint(n); ok && len(b.Endpoints) < maxEndpoints {
			b.Endpoints = append(b.Endpoints, e)
		}
	}
}

// keyText is the base64 text of the relay key. Some servers encode the text
// once more: then the inner text is the key.
func keyText(content []byte) string {
	if len(content) == 0 || len(content) > maxText {
		return ""
	}
	text := strings.TrimSpace(string(content))
	if inner, err := decodeBase64([]byte(text)); err == nil {
		if key, err := decodeBase64(inner); err == nil && len(key) == 16 {
			return string(inner)
		}
	}
	return text
}

// put enters a token at its id, or at the next free place when it has none.
func put(table [][]byte, n Node) [][]byte {
	id := len(table)
	if text, ok := n.Attrs["id"]; ok {
		id = atoi(text)
	}
	if id < 0 || id >= maxTableEntries || len(n.Content) > maxTokenLength {
		return table
	}
	for len(table) <= id {
		table = append(table, nil)
	}
	table[id] = n.Content
	return table
}

// endpoint reads one <te2>: an IPv4 or IPv6 address with its port behind it.
func endpoint(n Node) (Endpoint, bool) {
	raw := n.Content
	if len(raw) != 4+2 && len(raw) != 16+2 {
		return Endpoint{}, false
	}
	ip, _ := netip.AddrFromSlice(raw[:len(raw)-2])
	return Endpoint{
		ID:          n.number("relay_id"),
		Name:        n.text("relay_name"),
		Addr:        netip.AddrPortFrom(ip, binary.BigEndian.Uint16(raw[len(raw)-2:])),
		Raw:         raw,
		TokenID:     n.number("token_id"),
		AuthTokenID: n.number("auth_token_id"),
		Protocol:    n.number("protocol"),
		FNA:         n.Attrs["is_fna"] == "1",
		RTT:         min(time.Duration(max(0, n.number("c2r_rtt")))*time.Millisecond, maxDelay),
		Domain:      n.text("domain_name"),
		Fingerprint: fingerprintText(n.text("fingerprint")),
	}, true
}

// fingerprintText accepts a SHA-256 with or without colons, in either case;
// anything else counts as not announced.
func fingerprintText(s string) string {
	sum, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(sum) != 32 {
		return ""
	}
	return writeFingerprint(sum)
}

// text is an attribute, or "" when it is longer than any honest one.
func (n Node) text(name string) string {
	if s := n.Attrs[name]; len(s) <= maxText {
		return s
	}
	return ""
}

func (n Node) number(name string) int { return atoi(n.Attrs[name]) }

// atoi is 0 for what is no 32-bit number.
func atoi(s string) int {
	i, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return 0
	}
	return int(i)
}

func decodeBase64(b []byte) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
