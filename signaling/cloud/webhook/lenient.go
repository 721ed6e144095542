package webhook

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// integer is a number that may come as text.
type integer int64

// UnmarshalJSON never fails: what is no number is zero.
func (n *integer) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = integer(v)
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && f > -1e15 && f < 1e15 {
		*n = integer(f)
	}
	return nil
}

// maxSeconds bounds a time: the year 2200.
const maxSeconds = 7258118400

// at is a time in seconds, or in milliseconds; zero if there is none.
func (n integer) at() time.Time {
	switch {
	case n <= 0:
		return time.Time{}
	case n < maxSeconds:
		return time.Unix(int64(n), 0)
	case n < maxSeconds*1000:
		return time.UnixMilli(int64(n))
	}
	return time.Time{}
}

// words is a text that may come as a list of them.
type words []string

// UnmarshalJSON never fails: what is neither is empty.
func (w *words) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*w = words{one}
		return nil
	}
	var many []string
	if json.Unmarshal(b, &many) == nil {
		*w = many
	}
	return nil
}

// has reports whether one of the words is this, in any case.
func (w words) has(word string) bool {
	for _, x := range w {
		if strings.EqualFold(x, word) {
			return true
		}
	}
	return false
}

// several is a list whose bad elements are left out: one must not spoil the rest.
type several[T any] []T

// UnmarshalJSON never fails.
func (l *several[T]) UnmarshalJSON(b []byte) error {
	var raw []json.RawMessage
	if json.Unmarshal(b, &raw) != nil {
		return nil
	}
	for _, r := range raw {
		var one T
		if json.Unmarshal(r, &one) == nil {
			*l = append(*l, one)
		}
	}
	return nil
}

// maybe is a value that is left empty when it cannot be read.
type maybe[T any] struct{ v T }

// UnmarshalJSON never fails.
func (m *maybe[T]) UnmarshalJSON(b []byte) error {
	var v T
	if json.Unmarshal(b, &v) == nil {
		m.v = v
	}
	return nil
}
