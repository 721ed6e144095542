package stanzatest

import "maps"

// Damaged yields a stanza with one thing wrong: every attribute and every
// child of it missing, doubled, of another type, or huge.
func Damaged(n node, yield func(what string, broken node)) {
	for key := range n.Attrs {
		for what, value := range map[string]any{"missing": nil, "another type": 7, "huge": string(make([]byte, 1<<16)), "empty": "", "a JID": Bob, "text": "\x1b[31m-99999999999999999999"} {
			c := copyOf(n)
			if c.Attrs[key] = value; value == nil {
				delete(c.Attrs, key)
			}
			yield(key+" "+what, c)
		}
	}
	for what, content := range map[string]any{"no content": nil, "bytes": []byte{1}, "text": "x", "a number": 5, "huge content": make([]byte, 1<<20)} {
		c := copyOf(n)
		c.Content = content
		yield(what, c)
	}
	for i, child := range n.GetChildren() {
		c := copyOf(n)
		c.Content = append(append([]node{}, n.GetChildren()[:i]...), n.GetChildren()[i+1:]...)
		yield("without "+child.Tag, c)
		c = copyOf(n)
		c.Content = append(append([]node{}, n.GetChildren()...), child)
		yield("two "+child.Tag, c)
		Damaged(child, func(what string, broken node) {
			c := copyOf(n)
			list := append([]node{}, n.GetChildren()...)
			list[i] = broken
			c.Content = list
			yield(child.Tag+"/"+what, c)
		})
	}
}

// copyOf is a stanza whose attributes and children can be changed.
func copyOf(n node) node { return node{Tag: n.Tag, Attrs: maps.Clone(n.Attrs), Content: n.Content} }
