package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// mayImport is the architecture: which of our folders a folder may import
// (itself and its children always). main may import everything.
var mayImport = map[string][]string{
	"ui":                 {"phone"},
	"phone":              {"audio"},
	"audio":              {},
	"signaling/whatsapp": {"phone", "audio"},
	"signaling/cloud":    {"phone", "audio"},
	"exchange":           {"phone", "audio"},
}

// cgoEdges are the only packages that contain C, imported by main and tests alone.
var cgoEdges = []string{"audio/opus", "audio/portaudio", "audio/speex"}

type listed struct {
	ImportPath, Name  string
	Imports, CgoFiles []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Imports,CgoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, "tring/")
		all = append(all, p)
	}
	return all
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

func withinAny(pkg string, folders []string) bool {
	for _, f := range folders {
		if within(pkg, f) {
			return true
		}
	}
	return false
}

// folderOf is the architecture's folder that a package belongs to.
func folderOf(pkg string) (string, bool) {
	for f := range mayImport {
		if within(pkg, f) {
			return f, true
		}
	}
	return "", false
}

func TestEveryPackageImportsOnlyWhatTheArchitectureAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.Name == "main" {
			continue
		}
		folder, ok := folderOf(p.ImportPath)
		if !ok {
			t.Errorf("%s has no place in the architecture", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			dep, ours := strings.CutPrefix(imp, "tring/")
			if ours && !within(dep, folder) && !withinAny(dep, mayImport[folder]) {
				t.Errorf("%s imports %s, which %s may not", p.ImportPath, dep, folder)
			}
			if ours && withinAny(dep, cgoEdges) && !withinAny(p.ImportPath, cgoEdges) {
				t.Errorf("%s imports %s: only main and tests may import cgo packages", p.ImportPath, dep)
			}
		}
		if len(p.CgoFiles) > 0 && !withinAny(p.ImportPath, cgoEdges) {
			t.Errorf("%s contains cgo", p.ImportPath)
		}
	}
}
