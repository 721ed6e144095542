package rules

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"tring/phone"
)

// maxFile bounds a rules file, in bytes, and maxRules its rules.
const (
	maxFile  = 1 << 20
	maxRules = 2000
)

// builder compiles one file.
type builder struct {
	dir     string
	country string
	zone    *time.Location
	at      map[string]unstable.Position
	hours   map[string]*Hours
	lists   map[string]*list
	message map[string]*Message
	files   []string
	warn    []Warning
	// what the machine says, "" for a beep alone
	greeting, question string
}

// Parse compiles a rules file. dir is where relative list files are looked up.
// Errors are *FileError, with line and column where they have a place.
func Parse(text []byte, dir string) (*Book, error) {
	if len(text) > maxFile {
		return nil, &FileError{Reason: fmt.Sprintf("a rules file may have %d bytes", maxFile)}
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return nil, fromTOML(err)
	}
	if len(f.Rule) > maxRules {
		return nil, &FileError{Reason: fmt.Sprintf("a rules file may have %d rules", maxRules)}
	}
	b := &builder{
		dir: dir, at: places(text), country: strings.ToUpper(f.Country), zone: time.Local,
		hours: map[string]*Hours{}, lists: map[string]*list{}, message: map[string]*Message{},
	}
	return b.build(f)
}

// fail puts a place to an error. People count no rules: the line says which.
func (b *builder) fail(key string, err error) error {
	place := &FileError{Reason: err.Error()}
	if _, inner, _ := strings.Cut(key, "]."); !strings.HasPrefix(key, "rule[") {
		place.Reason = key + ": " + place.Reason
	} else if inner != "" {
		place.Reason = inner + ": " + place.Reason
	}
	for k := key; k != ""; k = parent(k) {
		if p, ok := b.at[k]; ok {
			place.Line, place.Column = p.Line, p.Column
			break
		}
	}
	return place
}

func parent(key string) string {
	i := strings.LastIndexByte(key, '.')
	return key[:max(i, 0)]
}

func (b *builder) build(f file) (*Book, error) {
	if f.Version != 1 {
		return nil, b.fail("version", fmt.Errorf("this program reads version 1, not %d", f.Version))
	}
	if f.Timezone != "" {
		zone, err := time.LoadLocation(f.Timezone)
		if err != nil {
			return nil, b.fail("timezone", fmt.Errorf("%q is not a time zone such as \"Europe/Berlin\"", f.Timezone))
		}
		b.zone = zone
	}
	if err := b.named(f); err != nil {
		return nil, err
	}
	book := &Book{zone: b.zone, country: b.country, hours: b.hours, messages: b.message}
	if err := b.machines(book, f); err != nil {
		return nil, err
	}
	if err := b.lookup(book, f.Lookup); err != nil {
		return nil, err
	}
	if err := b.rules(book, f); err != nil {
		return nil, err
	}
	book.Warnings, book.Files = b.warn, b.files
	return book, nil
}

// named compiles what rules refer to by name, in an order that errors do not
// depend on.
func (b *builder) named(f file) (err error) {
	for _, name := range slices.Sorted(maps.Keys(f.Hours)) {
		if b.hours[name], err = compileHours(name, f.Hours[name], b.zone); err != nil {
			return b.fail("hours."+name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.List)) {
		if b.lists[name], err = b.compileListDef(f.List[name]); err != nil {
			return b.fail("list."+name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Message)) {
		if b.message[name], err = b.compileMessage(name, f.Message[name]); err != nil {
			return b.fail("message."+name, err)
		}
	}
	return nil
}

func (b *builder) lookup(book *Book, def lookupDef) (err error) {
	book.Lookup = Lookup{Command: def.Command, Keep: time.Hour}
	if def.Keep == "" {
		return nil
	}
	if book.Lookup.Keep, err = parseDuration(def.Keep); err != nil {
		return b.fail("lookup.keep", err)
	}
	return nil
}

func (b *builder) rules(book *Book, f file) error {
	fallback := f.Default.Do
	if fallback == "" {
		fallback = string(phone.ActionRing)
	}
	do, err := action(fallback)
	if err != nil {
		return b.fail("default.do", err)
	}
	book.Default = Rule{Name: "", Do: do, Say: f.Default.Say, Enabled: true}
	seen := map[string]bool{}
	for i, def := range f.Rule {
		key := fmt.Sprintf("rule[%d]", i)
		if def.Name == "" || seen[def.Name] {
			return b.fail(key+".name", fmt.Errorf("every rule needs a name of its own; %q is empty or used twice", def.Name))
		}
		seen[def.Name] = true
		r, err := b.rule(key, def)
		if err != nil {
			return err
		}
		book.Rules = append(book.Rules, r)
	}
	return nil
}
