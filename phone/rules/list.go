package rules

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tring/phone"
)

// maxListFile bounds a list file, in bytes.
const maxListFile = 16 << 20

// list is a named set of people.
type list struct {
	exact    map[string]bool // E.164
	patterns []string        // "+4930*"
	contacts map[string]bool // names, lower case
	tags     []string
}

func (l *list) has(f Facts) bool {
	if l.exact[f.Party.Number] && f.Party.Number != "" {
		return true
	}
	for _, name := range []string{f.Party.Label, f.Party.Name} {
		if name != "" && l.contacts[strings.ToLower(name)] {
			return true
		}
	}
	return slices.ContainsFunc(l.patterns, func(p string) bool { return matchNumber(p, f.Party.Number) }) ||
		slices.ContainsFunc(l.tags, func(t string) bool { return slices.Contains(f.Tags, t) })
}

// add puts a number or a pattern into the list.
func (l *list) add(pattern string) {
	if strings.HasSuffix(pattern, "*") {
		l.patterns = append(l.patterns, pattern)
		return
	}
	l.exact[pattern] = true
}

func (b *builder) compileListDef(def listDef) (*list, error) {
	l := &list{exact: map[string]bool{}, contacts: map[string]bool{}, tags: def.Tags}
	for _, n := range def.Numbers {
		p, err := b.numberPattern(n)
		if err != nil {
			return nil, err
		}
		l.add(p)
	}
	for _, c := range def.Contacts {
		l.contacts[strings.ToLower(c)] = true
	}
	if def.File == "" {
		return l, nil
	}
	return l, b.readListFile(l, def.File)
}

// readListFile adds the numbers of a text, CSV or vCard file. A line that is
// no number is passed over: such files have headings and remarks.
func (b *builder) readListFile(l *list, name string) error {
	if !filepath.IsAbs(name) {
		name = filepath.Join(b.dir, name)
	}
	b.files = append(b.files, name)
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("the list file cannot be read: %w", err)
	}
	defer file.Close()
	numbers, err := readNumbers(io.LimitReader(file, maxListFile), strings.ToLower(filepath.Ext(name)))
	if err != nil {
		return fmt.Errorf("the list file %s cannot be read: %w", name, err)
	}
	for _, n := range numbers {
		if p, err := b.numberPattern(n); err == nil {
			l.add(p)
		}
	}
	return nil
}

func readNumbers(r io.Reader, ext string) ([]string, error) {
	switch ext {
	case ".vcf", ".vcard":
		return vcardNumbers(r)
	case ".csv", ".tsv":
		return csvNumbers(r, ext)
	}
	return textNumbers(r)
}

func textNumbers(r io.Reader) (numbers []string, err error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text != "" {
			numbers = append(numbers, text)
		}
	}
	return numbers, lines.Err()
}

// csvNumbers takes every field that looks like a number.
func csvNumbers(r io.Reader, ext string) (numbers []string, err error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	if ext == ".tsv" {
		in.Comma = '\t'
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return numbers, nil
		}
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, record...)
	}
}

func vcardNumbers(r io.Reader) (numbers []string, err error) {
	cards, err := phone.ReadCards(r)
	for _, c := range cards {
		numbers = append(numbers, c.Number)
	}
	return numbers, err
}
