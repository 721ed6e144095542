package calllog

import (
	"encoding/json"
	"fmt"
	"time"

	"tring/phone"
)

// addEvent stores an event and gives it its Seq.
func addEvent(on execer, e *phone.Event) error {
	whole, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	row := int64(0)
	if e.Call != nil {
		row = phone.CallRow(e.Call.ID)
	}
	r, err := on.Exec(`INSERT INTO events (at, call, event) VALUES (?, ?, ?)`, e.At.UnixMilli(), row, string(whole))
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	seq, err := r.LastInsertId()
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Kind, err)
	}
	e.Seq = uint64(seq)
	return nil
}

// Events are stored events after seq that happened since, oldest first, at
// most limit. A damaged one is left out, and said once: it must not keep those
// behind it from whoever follows.
func (l *Log) Events(after uint64, since time.Time, limit int) ([]phone.Event, error) {
	from := int64(0)
	if !since.IsZero() {
		from = since.UnixMilli()
	}
	rows, err := l.reads.Query(`SELECT seq, event FROM events WHERE seq>? AND at>=? ORDER BY seq`, int64(after), from)
	if err != nil {
		return nil, fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	var found []phone.Event
	for len(found) < limit && rows.Next() {
		var seq int64
		var whole []byte
		if err := rows.Scan(&seq, &whole); err != nil {
			return nil, fmt.Errorf("call log: %w", err)
		}
		var e phone.Event
		if err := json.Unmarshal(whole, &e); err != nil {
			l.leftOut(seq, err)
			continue
		}
		e.Seq = uint64(seq)
		found = append(found, e)
	}
	return found, rows.Err()
}

func (l *Log) leftOut(seq int64, err error) {
	if _, said := l.damaged.LoadOrStore(seq, true); !said && l.Damaged != nil {
		l.Damaged(fmt.Errorf("event %d in the call log is damaged and left out: %w", seq, err))
	}
}

// LastEvent is the seq of the newest stored event, 0 if there is none.
func (l *Log) LastEvent() (uint64, error) {
	var seq int64
	if err := l.reads.QueryRow(`SELECT coalesce(max(seq), 0) FROM events`).Scan(&seq); err != nil {
		return 0, fmt.Errorf("call log: %w", err)
	}
	return uint64(seq), nil
}
