package phone

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// callIndex is the log as it stays in memory: a digest of every ended call,
// oldest first. Searching it takes milliseconds where the disk would take a
// second.
type callIndex struct {
	mu     sync.RWMutex
	all    []Digest
	last   map[string]time.Time // by Party.Key
	gone   map[string]bool      // forgotten while loading
	loaded chan struct{}
	err    error // why loading failed
}

func newCallIndex() *callIndex {
	return &callIndex{last: map[string]time.Time{}, gone: map[string]bool{}, loaded: make(chan struct{})}
}

func byAge(a, b Digest) int {
	if c := a.Started.Compare(b.Started); c != 0 {
		return c
	}
	return cmp.Compare(CallRow(a.ID), CallRow(b.ID))
}

// load reads the store; calls that end meanwhile are not lost.
func (x *callIndex) load(store CallStore) error {
	var all []Digest
	err := store.Digests(func(d Digest) bool { all = append(all, d); return true })
	slices.SortFunc(all, byAge)
	x.mu.Lock()
	defer x.mu.Unlock()
	all = slices.DeleteFunc(all, func(d Digest) bool { return x.gone[d.ID] })
	newer := x.all
	x.all, x.gone, x.err = all, nil, err
	for i := range all {
		x.last[all[i].Key] = all[i].Started
	}
	for _, d := range newer {
		x.insert(d)
	}
	close(x.loaded)
	return err
}

// put adds a call or replaces what was known of it.
func (x *callIndex) put(d Digest) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.insert(d)
}

func (x *callIndex) insert(d Digest) {
	if d.Started.After(x.last[d.Key]) {
		x.last[d.Key] = d.Started
	}
	i, found := slices.BinarySearchFunc(x.all, d, byAge)
	if found {
		x.all[i] = d
		return
	}
	x.all = slices.Insert(x.all, i, d)
}

func (x *callIndex) remove(ids []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
		if x.gone != nil {
			x.gone[id] = true
		}
	}
	with := map[string]bool{}
	x.all = slices.DeleteFunc(x.all, func(d Digest) bool {
		with[d.Key] = with[d.Key] || out[d.ID]
		return out[d.ID]
	})
	x.relearnLast(with)
}

// relearnLast finds anew when the last call with each of some people was.
func (x *callIndex) relearnLast(with map[string]bool) {
	for key, is := range with {
		if is {
			delete(x.last, key)
		}
	}
	for i := range x.all {
		if with[x.all[i].Key] {
			x.last[x.all[i].Key] = x.all[i].Started
		}
	}
}

func (x *callIndex) seen() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.all {
		x.all[i].Seen = x.all[i].Seen || x.all[i].Outcome == OutcomeMissed
	}
}

// heard marks one voicemail.
func (x *callIndex) heard(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.all {
		if x.all[i].ID == id {
			x.all[i].Seen = x.all[i].Outcome == OutcomeVoicemail
		}
	}
}

// wait waits until the log has been read.
func (x *callIndex) wait(ctx context.Context) error {
	select {
	case <-x.loaded:
		return x.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// view runs f on the digests, oldest first, which f must not keep.
func (x *callIndex) view(f func([]Digest)) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	f(x.all)
}

// unseen counts missed calls that nobody has looked at, and voicemails that
// nobody has heard.
func (x *callIndex) unseen() (missed, unheard int) {
	x.view(func(all []Digest) {
		for i := range all {
			switch d := &all[i]; {
			case d.Seen:
			case d.Outcome == OutcomeMissed:
				missed++
			case d.Outcome == OutcomeVoicemail:
				unheard++
			}
		}
	})
	return missed, unheard
}

// calls are the times of the calls with one person, newest first, at most
// limit and not before since.
func (x *callIndex) calls(key string, d Direction, since time.Time, limit int) []time.Time {
	var times []time.Time
	if key == "" {
		return nil
	}
	x.view(func(all []Digest) {
		for i := len(all) - 1; i >= 0 && len(times) < limit && !all[i].Started.Before(since); i-- {
			if all[i].Key == key && all[i].Direction == d {
				times = append(times, all[i].Started)
			}
		}
	})
	return times
}

// lastCalls tells when each person last called or was called.
func (x *callIndex) lastCalls() func(key string) time.Time {
	return func(key string) time.Time {
		x.mu.RLock()
		defer x.mu.RUnlock()
		return x.last[key]
	}
}
