package main

import (
	"os"
	"testing"
)

func TestThePageIsWhatTheModulesGive(t *testing.T) {
	want, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/third-party.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("docs/third-party.md is not what go.mod names; run: make generate")
	}
}

func TestIdentify(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"by its title, over two lines": {"   Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		"three clauses":                {"Redistribution and use in source\nand binary forms ... Neither the name of X", "BSD-3-Clause"},
		"two clauses":                  {"Redistribution and use in source and binary forms", "BSD-2-Clause"},
		"not for a GPL program":        {"GNU AFFERO GENERAL PUBLIC LICENSE Version 3", ""},
		"unknown terms":                {"All rights reserved.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := identify(c.body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOneTextIsPrintedOnceHoweverItsLinesEnd(t *testing.T) {
	groups := same([]notice{
		{module: &module{Path: "a"}, texts: []text{{"LICENSE", "free \r\nto use\n\n"}}},
		{module: &module{Path: "b"}, texts: []text{{"LICENSE", "free\nto use"}}},
		{module: &module{Path: "c"}, texts: []text{{"LICENSE", "not free"}}},
	})
	if len(groups) != 2 || groups[0].heading() != "### a, b" || groups[1].heading() != "### c" {
		t.Errorf("grouped as %q and others, %d in all", groups[0].heading(), len(groups))
	}
}
