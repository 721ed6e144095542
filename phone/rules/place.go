package rules

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// places finds where in the text a key stands, so that an error about meaning
// can be as precise as one about syntax. Keys are written "hours.office.weekly"
// and "rule[3].when.from"; the whole of a table is found by its own name.
func places(text []byte) map[string]unstable.Position {
	at := map[string]unstable.Position{}
	count := map[string]int{}
	prefix := ""
	p := &unstable.Parser{}
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		name, where := keyOf(p, e)
		switch e.Kind {
		case unstable.Table:
			prefix = name
			at[prefix] = where
		case unstable.ArrayTable:
			prefix = fmt.Sprintf("%s[%d]", name, count[name])
			count[name]++
			at[prefix] = where
		case unstable.KeyValue:
			record(p, at, join(prefix, name), where, e.Value())
		}
	}
	return at
}

// record notes a key and, for an inline table, the keys inside.
func record(p *unstable.Parser, at map[string]unstable.Position, name string, where unstable.Position, value *unstable.Node) {
	at[name] = where
	if value.Kind != unstable.InlineTable {
		return
	}
	for it := value.Children(); it.Next(); {
		if inner := it.Node(); inner.Kind == unstable.KeyValue {
			key, pos := keyOf(p, inner)
			record(p, at, join(name, key), pos, inner.Value())
		}
	}
}

// keyOf is the dotted key of a node and where it starts.
func keyOf(p *unstable.Parser, e *unstable.Node) (string, unstable.Position) {
	var parts []string
	var where unstable.Position
	for it := e.Key(); it.Next(); {
		node := it.Node()
		if len(parts) == 0 {
			where = p.Shape(node.Raw).Start
		}
		parts = append(parts, string(node.Data))
	}
	return strings.Join(parts, "."), where
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}
