package calllog_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tring/phone"
)

// long makes a log of n ended calls and returns its path.
func long(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "calls.db")
	l := open(b, path)
	for i := range n {
		c := aCall()
		c.NetworkID = fmt.Sprint("N", i)
		c.Started = c.Started.Add(time.Duration(i) * time.Minute)
		c.Party.Number = fmt.Sprintf("+4477009%05d", i%10_000)
		save(b, l, c)
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkLoad opens a log of 100,000 calls and reads what the phone keeps in
// memory of it.
func BenchmarkLoad(b *testing.B) {
	path := long(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		l := open(b, path)
		n := 0
		if err := l.Digests(func(phone.Digest) bool { n++; return true }); err != nil || n != 100_000 {
			b.Fatal(n, err)
		}
		l.Close()
	}
}

// BenchmarkSave writes one change of a call with its event.
func BenchmarkSave(b *testing.B) {
	l := open(b, filepath.Join(b.TempDir(), "calls.db"))
	defer l.Close()
	c := aCall()
	if err := l.Begin(&c); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Save(&c, &phone.Event{At: c.Started, Kind: phone.EventState, Call: &c}); err != nil {
			b.Fatal(err)
		}
	}
}
