// Nixhash writes into flake.nix the hash of the modules that go.mod names, as
// Nix takes it: of the vendor folder, serialised as a Nix archive (NAR).
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

//go:generate go run . ../../flake.nix

var line = regexp.MustCompile(`vendorHash = "[^"]*"`)

func main() {
	log.SetFlags(0)
	log.SetPrefix("nixhash: ")
	if len(os.Args) != 2 {
		log.Fatal("say which flake to write")
	}
	before, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	hash, err := vendorHash()
	if err != nil {
		log.Fatal(err)
	}
	after := line.ReplaceAll(before, fmt.Appendf(nil, "vendorHash = %q", hash))
	if err := os.WriteFile(os.Args[1], after, 0o644); err != nil {
		log.Fatal(err)
	}
}

// vendorHash vendors into a folder of its own and hashes that.
func vendorHash() (string, error) {
	dir, err := os.MkdirTemp("", "tring-vendor-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	into := filepath.Join(dir, "vendor")
	if out, err := exec.Command("go", "mod", "vendor", "-o", into).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go mod vendor: %w\n%s", err, out)
	}
	return hash(into)
}
