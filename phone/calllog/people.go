package calllog

import (
	"database/sql"
	"encoding/json"
	"fmt"

	"tring/phone"
)

// sameParty is the condition that a row is about a person: any shared id.
const sameParty = `((number<>'' AND number=?) OR (lid<>'' AND lid=?) OR (user_id<>'' AND user_id=?))`

func ids(p phone.Party) []any { return []any{p.Number, p.LID, p.UserID} }

// People are what we wrote down about people.
func (l *Log) People() ([]phone.Contact, error) {
	rows, err := l.db.Query(`SELECT person FROM people ORDER BY row`)
	if err != nil {
		return nil, fmt.Errorf("call log: %w", err)
	}
	defer rows.Close()
	var people []phone.Contact
	for rows.Next() {
		var whole []byte
		if err := rows.Scan(&whole); err != nil {
			return nil, fmt.Errorf("call log: %w", err)
		}
		var c phone.Contact
		if err := json.Unmarshal(whole, &c); err != nil {
			return people, fmt.Errorf("a contact in the log is damaged: %w", err)
		}
		people = append(people, c)
	}
	return people, rows.Err()
}

// SavePerson replaces what we wrote down about a person.
func (l *Log) SavePerson(c phone.Contact) error {
	return l.whole(func(tx *sql.Tx) error {
		if _, err := tx.Exec(`DELETE FROM people WHERE `+sameParty, ids(c.Party)...); err != nil {
			return err
		}
		return addPerson(tx, c)
	})
}

func addPerson(on execer, c phone.Contact) error {
	whole, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = on.Exec(`INSERT INTO people (number, lid, user_id, person) VALUES (?, ?, ?, ?)`, append(ids(c.Party), string(whole))...)
	return err
}

// whole runs changes that belong together.
func (l *Log) whole(change func(*sql.Tx) error) error {
	tx, err := l.db.Begin()
	if err == nil {
		if err = change(tx); err == nil {
			err = tx.Commit()
		}
		tx.Rollback()
	}
	if err != nil {
		return fmt.Errorf("call log: %w", err)
	}
	return nil
}

// rowsOf are the ids of the calls with a person.
func rowsOf(tx *sql.Tx, who phone.Party) ([]string, error) {
	rows, err := tx.Query(`SELECT row FROM calls WHERE `+sameParty+` ORDER BY row`, ids(who)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		found = append(found, phone.CallID(row))
	}
	return found, rows.Err()
}

// Learn merges two identities of one person in everything stored.
func (l *Log) Learn(who phone.Party) ([]string, error) {
	var changed []string
	err := l.whole(func(tx *sql.Tx) error {
		calls, err := rowsOf(tx, who)
		if err != nil {
			return err
		}
		for _, id := range calls {
			learned, err := l.learn(tx, id, who)
			if err != nil {
				return err
			}
			if learned {
				changed = append(changed, id)
			}
		}
		return nil
	})
	return changed, err
}

// learn adds what is new of a person to one call.
func (l *Log) learn(tx *sql.Tx, id string, who phone.Party) (bool, error) {
	var whole []byte
	if err := tx.QueryRow(`SELECT call FROM calls WHERE row=?`, phone.CallRow(id)).Scan(&whole); err != nil {
		return false, err
	}
	c, err := readCall(phone.CallRow(id), whole)
	if err != nil {
		return false, err
	}
	merged := c.Party.Merge(who)
	if merged == c.Party {
		return false, nil
	}
	c.Party = merged
	return true, l.write(tx, &c)
}

// Forget removes a person from calls, events and people; Scrub makes it complete.
func (l *Log) Forget(who phone.Party) ([]string, error) {
	var gone []string
	err := l.whole(func(tx *sql.Tx) error {
		calls, err := rowsOf(tx, who)
		if err != nil {
			return err
		}
		gone = calls
		for _, step := range []string{
			`DELETE FROM events WHERE call IN (SELECT row FROM calls WHERE ` + sameParty + `)`,
			`DELETE FROM calls WHERE ` + sameParty,
			`DELETE FROM people WHERE ` + sameParty,
			`DELETE FROM events WHERE ` + textOf,
		} {
			if _, err := tx.Exec(step, ids(who)...); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}

// textOf is the condition that an event is a text with a person.
const textOf = `call=0 AND (event->>'$.text.party.number'=? OR event->>'$.text.party.lid'=? OR event->>'$.text.party.user_id'=?)`
