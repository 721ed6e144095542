package stanza

import (
	"strconv"
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Bounds on what a stranger may send us.
const (
	maxText     = 256  // bytes of one attribute
	maxID       = 128  // bytes of an id
	maxChildren = 1024 // children looked at in one element
	maxBlob     = 4096 // bytes of a token, ciphertext …
	maxJSON     = 1 << 18
	maxDevices  = 256
)

// text reads a string attribute; a JID is written out, anything else and
// anything oversized is "".
func text(n *waBinary.Node, key string) string {
	switch v := n.Attrs[key].(type) {
	case string:
		if len(v) <= maxText {
			return v
		}
	case types.JID:
		return v.String()
	}
	return ""
}

// id reads an identifier: printable ASCII without spaces, bounded.
func id(n *waBinary.Node, key string) string {
	s := text(n, key)
	if len(s) > maxID || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return ""
	}
	return s
}

// number reads a decimal attribute, or returns fallback.
func number(n *waBinary.Node, key string, fallback int) int {
	v, err := strconv.Atoi(text(n, key))
	if err != nil {
		return fallback
	}
	return v
}

// jid reads a JID attribute however it was encoded; the zero JID if it is none.
func jid(n *waBinary.Node, key string) types.JID {
	switch v := n.Attrs[key].(type) {
	case types.JID:
		if len(v.User) <= maxID && len(v.Server) <= maxID {
			return v
		}
	case string:
		return parseJID(v)
	}
	return types.JID{}
}

func parseJID(s string) types.JID {
	if len(s) > maxID || !strings.Contains(s, "@") {
		return types.JID{}
	}
	j, err := types.ParseJID(s)
	if err != nil {
		return types.JID{}
	}
	return j
}

// has reports whether an attribute is there, whatever it says.
func has(n *waBinary.Node, key string) bool { _, ok := n.Attrs[key]; return ok }

// blob reads byte content of at most limit bytes; nil otherwise.
func blob(n *waBinary.Node, limit int) []byte {
	switch v := n.Content.(type) {
	case []byte:
		if len(v) <= limit {
			return v
		}
	case string:
		if len(v) <= limit {
			return []byte(v)
		}
	}
	return nil
}

// children returns the child elements, at most maxChildren.
func children(n *waBinary.Node) []waBinary.Node {
	c := n.GetChildren()
	return c[:min(len(c), maxChildren)]
}

// child finds the first child with a tag, or nil.
func child(n *waBinary.Node, tag string) *waBinary.Node {
	c := children(n)
	for i := range c {
		if c[i].Tag == tag {
			return &c[i]
		}
	}
	return nil
}

// find looks for a tag in the whole subtree, depth first, at most four levels
// down: later builds move blocks around.
func find(n *waBinary.Node, tag string, depth int) *waBinary.Node {
	if n.Tag == tag {
		return n
	}
	if depth == 0 {
		return nil
	}
	c := children(n)
	for i := range c {
		if hit := find(&c[i], tag, depth-1); hit != nil {
			return hit
		}
	}
	return nil
}
