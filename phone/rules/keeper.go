package rules

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tring/phone"
)

// Keeper serves the phone with the rules of a file: it loads the file again
// when it changes, keeps the old rules when the new file is bad, asks the
// lookup command and remembers who is held back. It is safe for concurrent use.
type Keeper struct {
	path   string
	log    *slog.Logger
	memory *Memory
	lookup *lookup
	notice func(string)
	policy TextPolicy

	book     atomic.Pointer[Book]
	reading  sync.Mutex // one load at a time
	loaded   bool       // a file was good once; under reading
	changing sync.Mutex // one edit at a time
	problem  atomic.Pointer[string]
}

var (
	_ phone.Forgetter = (*Keeper)(nil)
	_ phone.Troubled  = (*Keeper)(nil)
)

// Forget removes a person from what survives a restart.
func (k *Keeper) Forget(who phone.Party) error { return k.memory.Forget(who) }

// NewKeeper loads the rules file at path; a file that is missing means that
// everything rings. A bad one is reported through notice and by Problem, and
// everything rings until it is mended. memory keeps what must survive a restart.
func NewKeeper(path string, memory *Memory, policy TextPolicy, log *slog.Logger, notice func(string)) *Keeper {
	k := &Keeper{path: path, log: log, memory: memory, policy: policy, lookup: newLookup(), notice: notice}
	k.book.Store(empty())
	k.Reload()
	return k
}

// empty is the book of somebody without rules: the phone works.
func empty() *Book {
	return &Book{Default: Rule{Do: phone.ActionRing, Enabled: true}, zone: time.Local}
}

// Book is the rules in force.
func (k *Keeper) Book() *Book { return k.book.Load() }

// Problem is what is wrong with the file as it stands, "" when the rules in
// force are those of the file.
func (k *Keeper) Problem() string {
	if p := k.problem.Load(); p != nil {
		return *p
	}
	return ""
}

// Reload reads the file again.
func (k *Keeper) Reload() error {
	k.reading.Lock()
	defer k.reading.Unlock()
	book, err := Load(k.path)
	if err != nil {
		text := fmt.Sprintf("%s: %s. %s", filepath.Base(k.path), err, k.meanwhile())
		if before := k.problem.Swap(&text); before == nil || *before != text {
			k.log.Warn("rules file refused", "err", err)
		}
		k.tell(text)
		return err
	}
	k.book.Store(book)
	k.loaded = true
	if k.problem.Swap(nil) != nil {
		k.tell("The rules file is good again and in force.")
	}
	k.log.Info("rules loaded", "rules", len(book.Rules), "warnings", len(book.Warnings))
	return nil
}

// meanwhile is what holds while the file is bad.
func (k *Keeper) meanwhile() string {
	if k.loaded {
		return "The old rules stay in force."
	}
	return "Until it is mended, everything rings."
}

func (k *Keeper) tell(sentence string) {
	if k.notice != nil {
		k.notice(sentence)
	}
}

// Load reads a rules file; one that does not exist is an empty one.
func Load(path string) (*Book, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return empty(), nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(text, filepath.Dir(path))
}

// Decide implements phone.Gatekeeper.
func (k *Keeper) Decide(ctx context.Context, q phone.Inquiry) phone.Decision {
	began := time.Now()
	book := k.Book()
	f := k.facts(ctx, book, q)
	v := book.Decide(f)
	if v.Matched && v.Rule.Do == Restrict {
		if err := k.memory.Restrict(f.Party, f.Now.Add(v.Rule.For), v.Rule.Name); err != nil {
			k.log.Warn("a caller could not be held back", "err", err)
		}
	}
	d := book.decision(v, f)
	d.MayWrite = func() error { return k.mayWrite(f, v) }
	d.Took = time.Since(began)
	return d
}

// facts gathers what the rules may look at.
func (k *Keeper) facts(ctx context.Context, book *Book, q phone.Inquiry) Facts {
	f := Facts{
		Party: q.Offer.From, Contact: q.Offer.From.Known() || q.Contact.Known(), Tags: q.Contact.Tags,
		Account: q.Line.Name, Network: q.Line.Kind, Kind: callKind(q.Offer), Payload: q.Offer.Payload,
		Me: q.Me, Agents: free(q.Me), Recent: q.Recent, Wrote: !q.LastOut.IsZero(), Now: q.Now, InCall: q.Talking,
		Restricted: k.memory.Restricted(q.Offer.From, q.Now),
	}
	if f.Party.Label == "" {
		f.Party.Label = q.Contact.Label
	}
	if len(book.Lookup.Command) > 0 {
		f.Tags = append(f.Tags[:len(f.Tags):len(f.Tags)], k.lookup.ask(ctx, book.Lookup, f.Party, k.log)...)
	}
	return f
}
