package stanza

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/relay"
)

// parseRelay hands a <relay> element over to the relay package, which judges
// what is usable; nil stays nil. Depth and breadth are bounded here.
func parseRelay(n *waBinary.Node) *relay.Block {
	if n == nil {
		return nil
	}
	b := relay.ParseBlock(plain(n, 2))
	return &b
}

// plain copies an element into the relay package's own form.
func plain(n *waBinary.Node, depth int) relay.Node {
	out := relay.Node{Tag: n.Tag, Attrs: make(map[string]string, len(n.Attrs)), Content: blob(n, maxBlob)}
	for key, value := range n.Attrs {
		out.Attrs[key] = text(n, key)
		if j, ok := value.(types.JID); ok {
			out.Attrs[key] = DeviceText(j)
		}
	}
	if depth > 0 {
		for _, c := range children(n) {
			out.Children = append(out.Children, plain(&c, depth-1))
		}
	}
	return out
}
