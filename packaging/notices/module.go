package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// systems are those that packages are made for. What is linked differs a
// little between them; the page is about all of them, wherever it is made.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"}

// module is one Go module with those of its packages that are linked.
type module struct {
	Path, Version, Dir string
	packages           map[string]bool // their folders
}

// listed is the part of `go list -json` that matters here.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version, Dir string }
	}
}

// linked lists the modules of the program on all systems.
func linked() ([]*module, error) {
	found := map[string]*module{}
	for _, system := range systems {
		if err := link(system, found); err != nil {
			return nil, fmt.Errorf("listing the packages of %s: %w", system, err)
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b *module) int { return cmp.Compare(a.Path, b.Path) }), nil
}

func link(system string, found map[string]*module) error {
	goos, goarch, _ := strings.Cut(system, "/")
	list := exec.Command("go", "list", "-deps", "-json=Dir,Standard,Module", "-tags=nolibopusfile", "tring")
	list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=1")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return err
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			return err
		}
		if p.Standard || p.Module == nil || p.Module.Main {
			continue
		}
		add(p, found)
	}
	return nil
}

func add(p listed, found map[string]*module) {
	m := found[p.Module.Path]
	if m == nil {
		m = &module{Path: p.Module.Path, Version: p.Module.Version, Dir: p.Module.Dir, packages: map[string]bool{}}
		if r := p.Module.Replace; r != nil {
			m.Path, m.Version, m.Dir = r.Path, r.Version, r.Dir
		}
		found[p.Module.Path] = m
	}
	m.packages[p.Dir] = true
}

// dirs are the module's folder and all between it and its linked packages:
// code that was taken over from elsewhere keeps its licence beside it.
func (m *module) dirs() []string {
	all := map[string]bool{m.Dir: true}
	for dir := range m.packages {
		for ; len(dir) > len(m.Dir); dir = filepath.Dir(dir) {
			all[dir] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
