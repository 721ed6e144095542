package chat

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/binary/token"
)

// The bounds of a stanza from outside.
const (
	maxStanza = 1 << 20 // bytes after decompression
	maxDepth  = 24      // nested nodes; the deepest known stanza has eight
)

// ErrStanza says that bytes inside an intact frame are no stanza.
var ErrStanza = errors.New("the stanza is malformed")

const compressed = 2 // bit of the flag byte in front of a stanza

// decode reads the stanza in a decrypted frame.
func decode(frame []byte) (n *node, err error) {
	if len(frame) < 2 {
		return nil, fmt.Errorf("%w: %d bytes", ErrStanza, len(frame))
	}
	body := frame[1:]
	if frame[0]&compressed != 0 {
		if body, err = inflate(body); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrStanza, err)
		}
	}
	if err = measure(body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStanza, err)
	}
	// The decoder asserts types in a few places that hostile bytes can reach.
	defer func() {
		if r := recover(); r != nil {
			n, err = nil, fmt.Errorf("%w: %v", ErrStanza, r)
		}
	}()
	if n, err = waBinary.Unmarshal(body); err == nil && !named(*n) {
		err = errNameless
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStanza, err)
	}
	return n, nil
}

// named reports whether every node and attribute has a name; what has none
// cannot be passed on. "0" is the encoder's word for the end of the stream.
func named(n node) bool {
	if _, nameless := n.Attrs[""]; nameless || n.Tag == "" || n.Tag == "0" {
		return false
	}
	return !slices.ContainsFunc(n.GetChildren(), func(c node) bool { return !named(c) })
}

// encode writes a stanza with its flag byte.
func encode(n node) (out []byte, err error) {
	// The encoder panics on values that stanzas from outside may carry into a
	// forwarded one, such as a packed text that is too long.
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("%w: %v", ErrStanza, r)
		}
	}()
	return waBinary.Marshal(n)
}

func inflate(body []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, maxStanza+1))
	if err == nil && len(out) > maxStanza {
		err = fmt.Errorf("inflates to more than %d bytes", maxStanza)
	}
	return out, err
}

// measure walks the encoding without building anything, so that a few hostile
// bytes cannot make the decoder recurse or reserve without end: nesting is
// bounded, and all lists together cannot have more elements than there are
// bytes.
func measure(body []byte) error {
	m := meter{in: body, budget: len(body)}
	if err := m.node(0); err != nil {
		return err
	}
	return nil
}

type meter struct {
	in     []byte
	budget int // list elements that may still be announced
}

var (
	errShort    = errors.New("it ends in the middle")
	errDeep     = errors.New("it is nested too deeply")
	errLists    = errors.New("its lists are longer than it is")
	errNameless = errors.New("a node or an attribute has no name")
	errToken    = errors.New("it contains an unknown token")
)

func (m *meter) take(n int) ([]byte, error) {
	if n > len(m.in) {
		return nil, errShort
	}
	out := m.in[:n]
	m.in = m.in[n:]
	return out, nil
}

func (m *meter) number(size int) (n int, err error) {
	b, err := m.take(size)
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n, err
}

func (m *meter) list(tag int) (n int, err error) {
	switch tag {
	case token.ListEmpty:
		return 0, nil
	case token.List8:
		n, err = m.number(1)
	case token.List16:
		n, err = m.number(2)
	default:
		return 0, errToken
	}
	if m.budget -= n; err == nil && m.budget < 0 {
		err = errLists
	}
	return n, err
}

// node walks one node: a list of its tag, its attributes and its content.
func (m *meter) node(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	tag, err := m.number(1)
	if err != nil {
		return err
	}
	size, err := m.list(tag)
	for ; err == nil && size > 0; size-- {
		err = m.value(depth)
	}
	return err
}

func (m *meter) value(depth int) error {
	tag, err := m.number(1)
	if err != nil {
		return err
	}
	switch tag {
	case token.ListEmpty:
		return nil
	case token.List8, token.List16:
		n, err := m.list(tag)
		for ; err == nil && n > 0; n-- {
			err = m.node(depth + 1)
		}
		return err
	}
	return m.scalar(tag, depth)
}

// sized are the tags whose value is a length of so many bytes and that much.
var sized = map[int]int{token.Binary8: 1, token.Binary20: 3, token.Binary32: 4}

func (m *meter) scalar(tag, depth int) error {
	if size, ok := sized[tag]; ok {
		return m.skip(size, 0xffffffff)
	}
	switch tag {
	case token.Nibble8, token.Hex8:
		return m.skip(1, 0x7f)
	case token.Dictionary0, token.Dictionary1, token.Dictionary2, token.Dictionary3:
		_, err := m.take(1)
		return err
	case token.JIDPair, token.ADJID, token.FBJID, token.InteropJID:
		return m.jid(tag, depth)
	}
	if tag >= len(token.SingleByteTokens) {
		return errToken
	}
	return nil
}

// skip passes a length of the given size and as many bytes as its masked value
// says; the topmost bits of a packed text's length are a flag.
func (m *meter) skip(size, mask int) error {
	n, err := m.number(size)
	if err == nil {
		if size == 3 {
			mask = 0xfffff // Binary20: the upper four bits are unused
		}
		_, err = m.take(n & mask)
	}
	return err
}

// jid walks the parts of a JID: bytes to skip before and after the user, and
// whether a server follows.
func (m *meter) jid(tag, depth int) error {
	shape := map[int]struct {
		before, after int
		server        bool
	}{
		token.JIDPair:    {0, 0, true},
		token.ADJID:      {2, 0, false},
		token.FBJID:      {0, 2, true},
		token.InteropJID: {0, 4, true},
	}[tag]
	if depth++; depth > maxDepth {
		return errDeep
	}
	if _, err := m.take(shape.before); err != nil {
		return err
	}
	if err := m.value(depth); err != nil {
		return err
	}
	if _, err := m.take(shape.after); err != nil || !shape.server {
		return err
	}
	return m.value(depth)
}
