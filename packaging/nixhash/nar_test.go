package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheFlakeNamesTheModulesOfToday(t *testing.T) {
	want, err := vendorHash()
	if err != nil {
		t.Fatal(err)
	}
	flake, err := os.ReadFile("../../flake.nix")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(flake, []byte(`vendorHash = "`+want+`"`)) {
		t.Error("flake.nix has the hash of other modules than go.mod names; run: make generate")
	}
}

// The hash of an empty folder is known wherever Nix is used.
func TestAnEmptyFolderHasItsKnownHash(t *testing.T) {
	got, err := hash(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if want := "sha256-pQpattmS9VmO3ZIQUFn66az8GSmB4IvYhTTCFn6SUmo="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
