package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// calls reads "4 in 10m": at least so many calls of the person, this one
// included, in so short a time.
func (b *builder) calls(w whenDef) (condition, error) {
	if w.Calls == "" {
		return nil, nil
	}
	count, span, ok := strings.Cut(w.Calls, " in ")
	n, err1 := strconv.Atoi(strings.TrimSpace(count))
	d, err2 := parseDuration(strings.TrimSpace(span))
	if !ok || err1 != nil || err2 != nil || n < 1 {
		return nil, fmt.Errorf("cannot read %q (want \"3 in 10m\")", w.Calls)
	}
	return func(_ *Book, f Facts) string {
		if is := f.within(d); is < n {
			return fmt.Sprintf("call %d of %d in %s", is, n, durationText(d))
		}
		return ""
	}, nil
}

func (b *builder) during(w whenDef) (condition, error) { return b.clock(w.During, true) }

func (b *builder) outside(w whenDef) (condition, error) { return b.clock(w.Outside, false) }

// clock holds when one of the hours is open (or, for outside, when none is).
func (b *builder) clock(v any, wantOpen bool) (condition, error) {
	list, err := words(v)
	if list == nil || err != nil {
		return nil, err
	}
	var hours []*Hours
	for _, name := range list {
		h, ok := b.hours[name]
		if !ok {
			return nil, fmt.Errorf("there are no hours %q; write [hours.%s]", name, name)
		}
		hours = append(hours, h)
	}
	return func(_ *Book, f Facts) string {
		open, name, why := anyOpen(hours, f.Now)
		if open == wantOpen {
			return ""
		}
		if open {
			return fmt.Sprintf("inside %s (%s)", name, why)
		}
		return fmt.Sprintf("outside %s (%s)", slashed(list), why)
	}, nil
}

func anyOpen(hours []*Hours, t time.Time) (open bool, name, why string) {
	for _, h := range hours {
		if open, why = h.Open(t); open {
			return true, h.Name, why
		}
	}
	return false, "", why
}
