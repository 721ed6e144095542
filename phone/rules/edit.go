package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"tring/phone"
)

// A rules file is somebody's work: an edit changes the bytes that it is about
// and leaves remarks, order and spacing alone.

// ruleText is where a [[rule]] stands in the text of a file, in bytes.
type ruleText struct {
	name       string
	from       int // the first byte of its header's line
	body       int // the first byte after its header's line
	value, end int // the value of enabled; both 0 if it is not written
}

// ruleTexts finds the rules in the text of a file that Parse has accepted.
func ruleTexts(text []byte) (found []ruleText) {
	p := &unstable.Parser{}
	p.Reset(text)
	inRule := false
	for p.NextExpression() {
		e := p.Expression()
		name, where := keyOf(p, e)
		switch {
		case e.Kind == unstable.ArrayTable || e.Kind == unstable.Table:
			if inRule = e.Kind == unstable.ArrayTable && strings.EqualFold(name, "rule"); inRule {
				found = append(found, lineAt(text, where.Offset))
			}
		case inRule && e.Kind == unstable.KeyValue:
			found[len(found)-1].note(p, name, e.Value())
		}
	}
	return found
}

// lineAt is a rule whose header stands in the line of a byte.
func lineAt(text []byte, at int) ruleText {
	r := ruleText{from: strings.LastIndexByte(string(text[:at]), '\n') + 1, body: len(text)}
	if i := strings.IndexByte(string(text[at:]), '\n'); i >= 0 {
		r.body = at + i + 1
	}
	return r
}

func (r *ruleText) note(p *unstable.Parser, key string, value *unstable.Node) {
	switch strings.ToLower(key) { // as the decoder reads keys
	case "name":
		r.name = string(value.Data)
	case "enabled":
		at := p.Range(value.Data)
		r.value, r.end = int(at.Offset), int(at.Offset+at.Length)
	}
}

// SetEnabled switches a rule on or off in the text of a rules file.
func SetEnabled(text []byte, name string, on bool) ([]byte, error) {
	all := ruleTexts(text)
	i := slices.IndexFunc(all, func(r ruleText) bool { return r.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no [[rule]] with the name %q", name)
	}
	r, word := all[i], fmt.Sprint(on)
	if r.end > 0 {
		return slices.Concat(text[:r.value], []byte(word), text[r.end:]), nil
	}
	return slices.Concat(text[:r.body], []byte("enabled = "+word+"\n"), text[r.body:]), nil
}

// AddSilence puts a rule that silences one caller before all others, so that it
// decides. It does not change a byte of what is there.
func AddSilence(text []byte, who phone.Party) ([]byte, error) {
	from, err := wordFor(who)
	if err != nil {
		return nil, err
	}
	rule := fmt.Sprintf("[[rule]]\nname = %q\nwhen = { from = %q }\ndo   = \"silence\"\n", silenceName(who), from)
	if len(text) == 0 {
		return []byte("version = 1\n\n" + rule), nil
	}
	all := ruleTexts(text)
	if len(all) == 0 {
		return slices.Concat([]byte(strings.TrimRight(string(text), "\n")), []byte("\n\n"+rule)), nil
	}
	at := aboveRemarks(text, all[0].from)
	return slices.Concat(text[:at], []byte(rule+"\n"), text[at:]), nil
}

// silenceName is how such a rule is called; the number tells namesakes apart.
func silenceName(who phone.Party) string {
	name := strings.TrimPrefix(who.Display(), "~")
	if who.Number != "" && name != who.Number {
		name += ", " + who.Number
	}
	return "Silence " + name
}

// wordFor is the word of "from" that means one person.
func wordFor(who phone.Party) (string, error) {
	switch {
	case who.Number != "":
		return who.Number, nil
	case who.Key() != "":
		return "id:" + who.Key(), nil
	}
	return "", errNobody
}

// aboveRemarks goes up from the beginning of a line over the remarks that stand
// right above it: they belong to it.
func aboveRemarks(text []byte, at int) int {
	for at > 0 {
		before := strings.LastIndexByte(string(text[:at-1]), '\n') + 1
		if !strings.HasPrefix(strings.TrimSpace(string(text[before:at])), "#") {
			break
		}
		at = before
	}
	return at
}
