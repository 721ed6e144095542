package calllog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tring/phone"
)

// chunk is how many calls come over from SQLite in one string. Asking for each
// column of each row costs most of the time of a start with a long log.
const chunk = 1000

// The signs between fields and calls: no text that was cleaned contains them.
const (
	between = "\x1f" // ASCII unit separator
	ending  = "\x1e" // ASCII record separator
)

var digestQuery = `SELECT group_concat(concat_ws(char(31), row, line,
		CASE WHEN number<>'' THEN number WHEN lid<>'' THEN lid ELSE user_id END,
		direction, outcome, started, zone, to_answer, talked, rule, seen, search), char(30))
	FROM calls WHERE state='terminated' GROUP BY row/` + strconv.Itoa(chunk) + ` ORDER BY row/` + strconv.Itoa(chunk)

// Digests tells every ended call.
func (l *Log) Digests(yield func(phone.Digest) bool) error {
	rows, err := l.reads.Query(digestQuery)
	if err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	p := parser{zones: map[int]*time.Location{}, words: map[string]string{}}
	for rows.Next() {
		var calls string
		if err := rows.Scan(&calls); err != nil {
			return fmt.Errorf("call log: %w", err)
		}
		for line := range strings.SplitSeq(calls, ending) {
			d, err := p.parse(line)
			if err != nil {
				return err
			}
			if !yield(d) {
				return nil
			}
		}
	}
	return rows.Err()
}

// parser reads digests; it keeps one copy of what is the same in many.
type parser struct {
	zones map[int]*time.Location
	words map[string]string
	field [12]string
}

func (p *parser) parse(line string) (phone.Digest, error) {
	n := 0
	for f := range strings.SplitSeq(line, between) {
		if n == len(p.field) {
			break
		}
		p.field[n] = f
		n++
	}
	if n != len(p.field) {
		return phone.Digest{}, fmt.Errorf("the call log is damaged: a row has %d of %d fields", n, len(p.field))
	}
	f := &p.field
	num := numbers{}
	d := phone.Digest{
		ID: "c" + f[0], Line: p.word(f[1]), Key: p.word(f[2]), Direction: phone.Direction(p.word(f[3])),
		Outcome: phone.Outcome(p.word(f[4])), Rule: p.word(f[9]), Seen: f[10] == "1", Text: f[11],
		Started:  time.UnixMilli(num.read(f[5])),
		ToAnswer: time.Duration(num.read(f[7])) * time.Millisecond,
		Talk:     time.Duration(num.read(f[8])) * time.Millisecond,
	}
	d.Started = d.Started.In(p.zone(int(num.read(f[6]))))
	if num.err != nil {
		return d, fmt.Errorf("the call log is damaged at %s: %w", d.ID, num.err)
	}
	return d, nil
}

// numbers reads numbers until the first that is none.
type numbers struct{ err error }

func (n *numbers) read(s string) int64 {
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil && n.err == nil {
		n.err = err
	}
	return v
}

func (p *parser) zone(east int) *time.Location {
	z := p.zones[east]
	if z == nil {
		z = time.FixedZone("", east)
		p.zones[east] = z
	}
	return z
}

func (p *parser) word(w string) string {
	known, ok := p.words[w]
	if !ok {
		known = strings.Clone(w)
		p.words[known] = known
	}
	return known
}
