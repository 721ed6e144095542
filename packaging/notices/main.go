// Notices writes docs/third-party.md: the licences of everything that is linked
// into tring, from the module cache. It needs no network and the same modules
// give the same page.
package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

//go:generate go run . ../../docs/third-party.md

// introduction names what is linked but is no Go module.
//
//go:embed introduction.md
var introduction string

func main() {
	log.SetFlags(0)
	log.SetPrefix("notices: ")
	if len(os.Args) != 2 {
		log.Fatal("say which file to write")
	}
	page, err := draw()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], page, 0o644); err != nil {
		log.Fatal(err)
	}
}

// notice is what one module asks to be shown.
type notice struct {
	module  *module
	licence string // its SPDX name
	texts   []text
}

// text is one licence file, word by word.
type text struct{ path, body string }

func draw() ([]byte, error) {
	modules, err := linked()
	if err != nil {
		return nil, err
	}
	var notices []notice
	for _, m := range modules {
		n, err := read(m)
		if err != nil {
			return nil, err
		}
		notices = append(notices, n)
	}
	return render(notices), nil
}

// read finds the licence of a module and all files that state terms.
func read(m *module) (notice, error) {
	n := notice{module: m}
	for _, dir := range m.dirs() {
		files, err := os.ReadDir(dir)
		if err != nil {
			return n, err
		}
		for _, f := range files {
			if f.IsDir() || !statesTerms(f.Name()) {
				continue
			}
			body, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				return n, err
			}
			inside, _ := filepath.Rel(m.Dir, filepath.Join(dir, f.Name()))
			n.texts = append(n.texts, text{filepath.ToSlash(inside), string(body)})
			n.licence = cmp.Or(n.licence, identify(string(body)))
		}
	}
	if n.licence == "" {
		return n, fmt.Errorf("no licence that may be linked into a GPL program was recognised in %s %s: look at %s", m.Path, m.Version, m.Dir)
	}
	return n, nil
}

func render(notices []notice) []byte {
	slices.SortFunc(notices, func(a, b notice) int { return cmp.Compare(a.module.Path, b.module.Path) })
	var b bytes.Buffer
	b.WriteString(introduction)
	b.WriteString("\n## Go modules\n\n| module | version | licence |\n|---|---|---|\n")
	for _, n := range notices {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", n.module.Path, n.module.Version, n.licence)
	}
	b.WriteString("\n## Their terms\n")
	for _, group := range same(notices) {
		fmt.Fprintf(&b, "\n%s\n", group.heading())
		fmt.Fprintf(&b, "\n```text\n%s\n```\n", clean(group.body))
	}
	return b.Bytes()
}
