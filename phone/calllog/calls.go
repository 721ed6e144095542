package calllog

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tring/phone"
)

// Begin writes a new call and gives it its ID.
func (l *Log) Begin(c *phone.Call) error {
	_, zone := c.Started.Zone()
	r, err := l.db.Exec(`INSERT INTO calls (network_id, line, line_kind, direction, state, started, zone, alive, call)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}')`,
		c.NetworkID, c.Line, c.LineKind, c.Direction, c.State.String(), c.Started.UnixMilli(), zone, time.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("new call: %w", err)
	}
	row, err := r.LastInsertId()
	if err != nil {
		return fmt.Errorf("new call: %w", err)
	}
	c.ID = phone.CallID(row)
	return l.write(l.db, c)
}

// execer is a transaction or the file itself.
type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// write brings a call's row up to date.
func (l *Log) write(on execer, c *phone.Call) error {
	whole, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("call %s: %w", c.ID, err)
	}
	d := phone.DigestOf(phone.LogEntry{Call: *c})
	_, err = on.Exec(`UPDATE calls SET network_id=?, number=?, lid=?, user_id=?, name=?, state=?, to_answer=?, talked=?,
		alive=?, outcome=?, cause=?, detail=?, mos=?, loss=?, rule=?, note=?, recording=?, search=?, call=? WHERE row=?`,
		c.NetworkID, c.Party.Number, c.Party.LID, c.Party.UserID, c.Party.Display(), c.State.String(),
		d.ToAnswer.Milliseconds(), d.Talk.Milliseconds(), time.Now().UnixMilli(), c.Outcome, causeName(c), c.Detail,
		c.Quality.MOS, c.Quality.Loss, c.Rule, c.Note, c.Recording, d.Text, string(whole), phone.CallRow(c.ID))
	if err != nil {
		return fmt.Errorf("call %s: %w", c.ID, err)
	}
	return nil
}

func causeName(c *phone.Call) string {
	if c.State != phone.Terminated {
		return ""
	}
	return c.Cause.String()
}

// Save writes a call as it is now (nil for none) together with the event that
// tells of it, in one transaction.
func (l *Log) Save(c *phone.Call, e *phone.Event) error {
	tx, err := l.db.Begin()
	if err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	defer tx.Rollback()
	if c != nil {
		if err := l.write(tx, c); err != nil {
			return err
		}
	}
	if err := addEvent(tx, e); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	if c == nil || c.State == phone.Terminated { // what a living call changes waits for its end
		l.askSync()
	}
	return nil
}

// Known finds a call by the network's id.
func (l *Log) Known(line, networkID string) (phone.Call, bool, error) {
	var row int64
	var whole []byte
	err := l.db.QueryRow(`SELECT row, call FROM calls WHERE line=? AND network_id=? AND network_id<>'' ORDER BY row DESC LIMIT 1`, line, networkID).Scan(&row, &whole)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return phone.Call{}, false, nil
	case err != nil:
		return phone.Call{}, false, fmt.Errorf("call log: %w", err)
	}
	c, err := readCall(row, whole)
	return c, true, err
}

func readCall(row int64, whole []byte) (phone.Call, error) {
	c := phone.Call{ID: phone.CallID(row)}
	if err := json.Unmarshal(whole, &c); err != nil {
		return c, fmt.Errorf("call %s in the log is damaged: %w", phone.CallID(row), err)
	}
	c.ID = phone.CallID(row)
	return c, nil
}

// Unended are the calls that a former run left open.
func (l *Log) Unended() ([]phone.Call, error) {
	rows, err := l.db.Query(`SELECT row, call, alive FROM calls WHERE state<>'terminated' ORDER BY row`)
	if err != nil {
		return nil, fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	var open []phone.Call
	for rows.Next() {
		var row, alive int64
		var whole []byte
		if err := rows.Scan(&row, &whole, &alive); err != nil {
			return open, fmt.Errorf("call log: %w", err)
		}
		c, err := readCall(row, whole)
		if err != nil {
			return open, err
		}
		c.Ended = time.UnixMilli(alive).In(c.Started.Location())
		open = append(open, c)
	}
	return open, rows.Err()
}

// Alive notes that calls still live.
func (l *Log) Alive(ids []string, at time.Time) error {
	for _, id := range ids {
		if _, err := l.db.Exec(`UPDATE calls SET alive=? WHERE row=?`, at.UnixMilli(), phone.CallRow(id)); err != nil {
			return fmt.Errorf("call log: %w", err)
		}
	}
	return nil
}

// maxAsked bounds the variables of one statement; SQLite's own limit is 32,766.
const maxAsked = 500

// Calls fetches calls by id, in the order asked.
func (l *Log) Calls(ids []string) ([]phone.LogEntry, error) {
	found := make(map[string]phone.LogEntry, len(ids))
	for rest := ids; len(rest) > 0; {
		some := rest[:min(maxAsked, len(rest))]
		rest = rest[len(some):]
		if err := l.fetch(some, found); err != nil {
			return nil, err
		}
	}
	var out []phone.LogEntry
	for _, id := range ids {
		if e, ok := found[id]; ok {
			out = append(out, e)
		}
	}
	return out, nil
}

func (l *Log) fetch(ids []string, into map[string]phone.LogEntry) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = phone.CallRow(id)
	}
	rows, err := l.reads.Query(`SELECT row, seen, call FROM calls WHERE row IN (?`+strings.Repeat(",?", len(ids)-1)+`)`, args...)
	if err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row int64
		var e phone.LogEntry
		var whole []byte
		if err := rows.Scan(&row, &e.Seen, &whole); err != nil {
			return fmt.Errorf("call log: %w", err)
		}
		if e.Call, err = readCall(row, whole); err != nil {
			return err
		}
		into[e.ID] = e
	}
	return rows.Err()
}

// Seen marks the missed calls up to now as looked at.
func (l *Log) Seen() error {
	if _, err := l.db.Exec(`UPDATE calls SET seen=1 WHERE seen=0 AND outcome='missed'`); err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	return nil
}

// Shown marks one missed call as looked at.
func (l *Log) Shown(id string) error { return l.mark(id, phone.OutcomeMissed) }

// Heard marks a voicemail as listened to.
func (l *Log) Heard(id string) error { return l.mark(id, phone.OutcomeVoicemail) }

func (l *Log) mark(id string, which phone.Outcome) error {
	if _, err := l.db.Exec(`UPDATE calls SET seen=1 WHERE row=? AND outcome=?`, phone.CallRow(id), which); err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	return nil
}

// Prune removes ended calls and events from before a time.
func (l *Log) Prune(before time.Time) error {
	return l.whole(func(tx *sql.Tx) error {
		if _, err := tx.Exec(`DELETE FROM calls WHERE state='terminated' AND started<?`, before.UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM events WHERE at<?`, before.UnixMilli())
		return err
	})
}

// Annotate replaces the note of a call.
func (l *Log) Annotate(id, note string) error {
	c, err := l.one(id)
	if err != nil {
		return err
	}
	c.Note = note
	return l.write(l.db, &c)
}

func (l *Log) one(id string) (phone.Call, error) {
	var whole []byte
	row := phone.CallRow(id)
	err := l.db.QueryRow(`SELECT call FROM calls WHERE row=?`, row).Scan(&whole)
	if errors.Is(err, sql.ErrNoRows) {
		return phone.Call{}, fmt.Errorf("%s: %w", id, phone.ErrNoCall)
	}
	if err != nil {
		return phone.Call{}, fmt.Errorf("call log: %w", err)
	}
	return readCall(row, whole)
}
