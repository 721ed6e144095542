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
// most limit.
func (l *Log) Events(after uint64, since time.Time, limit int) ([]phone.Event, error) {
	from := int64(0)
	if !since.IsZero() {
		from = since.UnixMilli()
	}
	rows, err := l.reads.Query(`SELECT seq, event FROM events WHERE seq>? AND at>=? ORDER BY seq LIMIT ?`, int64(after), from, limit)
	if err != nil {
		return nil, fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	var found []phone.Event
	for rows.Next() {
		var seq int64
		var whole []byte
		if err := rows.Scan(&seq, &whole); err != nil {
			return nil, fmt.Errorf("call log: %w", err)
		}
		var e phone.Event
		if err := json.Unmarshal(whole, &e); err != nil {
			return nil, fmt.Errorf("event %d in the log is damaged: %w", seq, err)
		}
		e.Seq = uint64(seq)
		found = append(found, e)
	}
	return found, rows.Err()
}

// LastEvent is the seq of the newest stored event, 0 if there is none.
func (l *Log) LastEvent() (uint64, error) {
	var seq int64
	if err := l.reads.QueryRow(`SELECT coalesce(max(seq), 0) FROM events`).Scan(&seq); err != nil {
		return 0, fmt.Errorf("call log: %w", err)
	}
	return uint64(seq), nil
}
