package main

import "strings"

// statesTerms reports whether a file of this name carries terms of use.
func statesTerms(name string) bool {
	name = strings.ToUpper(name)
	for _, start := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"} {
		if strings.HasPrefix(name, start) && !strings.HasSuffix(name, ".GO") {
			return true
		}
	}
	return false
}

// licences are the ones that may be linked into a program under GPL-3.0-or-later,
// each with phrases that only it has all of; the first match decides.
var licences = []struct {
	spdx    string
	phrases []string
}{
	{"GPL-3.0", []string{"GNU GENERAL PUBLIC LICENSE Version 3"}},
	{"MPL-2.0", []string{"Mozilla Public License Version 2.0"}},
	{"Apache-2.0", []string{"Apache License Version 2.0"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "Neither the name of"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "The names of its contributors may not be used"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"ISC", []string{"Permission to use, copy, modify, and distribute this software for any purpose"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software for any purpose"}},
	{"MIT", []string{"Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"}},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}},
}

// identify is the SPDX name of a text's licence, empty if it is none of licences.
func identify(body string) string {
	words := strings.Join(strings.Fields(body), " ")
	for _, l := range licences {
		if containsAll(words, l.phrases) {
			return l.spdx
		}
	}
	return ""
}

func containsAll(s string, phrases []string) bool {
	for _, p := range phrases {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
