package rules

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/pelletier/go-toml/v2"

	"tring/phone"
)

// Case is one line of a rules test: a call that is given and what is expected.
type Case struct {
	Name   string `toml:"name"`
	Given  Given  `toml:"given"`
	Expect struct {
		Do   string `toml:"do"`
		Rule string `toml:"rule"`
		Say  string `toml:"say"`
	} `toml:"expect"`
}

// Given describes a call the way people write it; the same words are the
// flags of `tring rules explain`.
type Given struct {
	From    string   `toml:"from"` // number; empty hides it
	Name    string   `toml:"name"`
	Contact bool     `toml:"contact"`
	Account string   `toml:"account"`
	Kind    string   `toml:"kind"`
	Payload string   `toml:"payload"`
	Me      string   `toml:"me"`
	At      string   `toml:"at"`  // "2026-12-25 10:00" in the file's zone; empty is now
	Nth     int      `toml:"nth"` // this is the n-th call of the person, a minute apart
	Tags    []string `toml:"tags"`
}

// Facts are the facts of a given call.
func (g Given) Facts(b *Book, now time.Time) (Facts, error) {
	f := Facts{
		Party: phone.Party{Number: g.From, PushName: g.Name}, Contact: g.Contact, Tags: g.Tags,
		Account: g.Account, Network: phone.LineKind(g.Account), Kind: g.Kind, Payload: g.Payload,
		Me: phone.Presence(g.Me), Now: now,
	}
	if g.Contact {
		f.Party.Name, f.Party.PushName = g.Name, ""
	}
	if f.Kind == "" {
		f.Kind = "voice"
	}
	if f.Me == "" {
		f.Me = phone.Available
	}
	if err := errors.Join(oneOf(f.Kind, kinds), oneOf(string(f.Me), presences)); err != nil {
		return f, err
	}
	f.Agents = free(f.Me)
	if f.Account == "" {
		f.Account, f.Network = string(phone.PersonalLine), phone.PersonalLine
	}
	if g.From != "" {
		number, err := (&builder{country: b.country}).numberPattern(g.From)
		if err != nil {
			return f, err
		}
		f.Party.Number = number
	}
	if g.At != "" {
		at, err := time.ParseInLocation("2006-01-02 15:04", g.At, b.zone)
		if err != nil {
			return f, fmt.Errorf("cannot read the time %q (want \"2026-12-25 10:00\")", g.At)
		}
		f.Now = at
	}
	for i := 1; i < g.Nth; i++ {
		f.Recent = append(f.Recent, f.Now.Add(-time.Duration(i)*time.Minute))
	}
	return f, nil
}

// ParseCases reads a test file of [[case]] tables.
func ParseCases(text []byte) ([]Case, error) {
	var f struct {
		Case []Case `toml:"case"`
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return nil, fromTOML(err)
	}
	if len(f.Case) == 0 {
		return nil, &FileError{Reason: "there is no [[case]] in this file"}
	}
	return f.Case, nil
}

// Check runs a case and says what is different from what it expects, "" if
// nothing is.
func (b *Book) Check(c Case, now time.Time) (string, error) {
	f, err := c.Given.Facts(b, now)
	if err != nil {
		return "", err
	}
	v := b.Decide(f)
	switch {
	case c.Expect.Do != "" && string(v.Rule.Do) != c.Expect.Do:
		return fmt.Sprintf("%s by %q, not %s", v.Rule.Do, v.Rule.Name, c.Expect.Do), nil
	case c.Expect.Rule != "" && v.Rule.Name != c.Expect.Rule:
		return fmt.Sprintf("decided by %q, not by %q", v.Rule.Name, c.Expect.Rule), nil
	case c.Expect.Say != "" && v.Text != c.Expect.Say:
		return fmt.Sprintf("says %q", v.Text), nil
	}
	return "", nil
}
