package chat

import (
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// A stanza is a tree of nodes; these are whatsmeow's own types, so that what
// we write is what its clients read.
type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

// text reads an attribute as a string. JIDs are written out.
func text(n *node, key string) string {
	switch v := n.Attrs[key].(type) {
	case string:
		return v
	case types.JID:
		return v.String()
	}
	return ""
}

// jid reads an attribute as a JID. Some clients write JIDs as plain strings,
// some put the device into the user part; ok false means there is none.
func jid(n *node, key string) (j types.JID, ok bool) {
	switch v := n.Attrs[key].(type) {
	case types.JID:
		j = v
	case string:
		if !strings.Contains(v, "@") {
			return types.NewJID("", v), v == types.DefaultUserServer
		}
		parsed, err := types.ParseJID(v)
		if err != nil {
			return j, false
		}
		j = parsed
	default:
		return j, false
	}
	if strings.ContainsAny(j.User, ":.") {
		parsed, err := types.ParseJID(j.User + "@" + j.Server)
		if err != nil {
			return j, false
		}
		j = parsed
	}
	j.RawAgent = 0 // the same device in another encoding
	return j, j.Server != ""
}

// raw reads a node's content as bytes. Short texts come back from the decoder
// as strings, whatever they were written as.
func raw(n node) []byte {
	switch v := n.Content.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}

// child finds a nested child, or an empty node.
func child(n *node, tags ...string) node { return n.GetChildByTag(tags...) }

// hasChild reports whether a nested child exists.
func hasChild(n *node, tags ...string) bool {
	_, ok := n.GetOptionalChildByTag(tags...)
	return ok
}

// first is the first child, or an empty node.
func first(n *node) node {
	if children := n.GetChildren(); len(children) > 0 {
		return children[0]
	}
	return node{}
}

// without copies a node's children except those with the given tags.
func without(n *node, tags ...string) []node {
	var out []node
	for _, c := range n.GetChildren() {
		if !contains(tags, c.Tag) {
			out = append(out, c)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// with copies a node with one attribute changed; the original may be shared
// between queues and is never written to.
func with(n node, key string, value any) node {
	changed := make(attrs, len(n.Attrs)+1)
	for k, v := range n.Attrs {
		changed[k] = v
	}
	changed[key] = value
	n.Attrs = changed
	return n
}
