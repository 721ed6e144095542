package calllog

import (
	_ "embed"
	"fmt"
)

//go:embed schema.sql
var schema1 string

// migrations lead from each version of the file to the next; the first makes
// an empty file version 1. The file's own user_version says where it is.
var migrations = []string{schema1}

// migrate brings the file to the newest version, each step whole or not at all.
func (l *Log) migrate() error {
	var version int
	if err := l.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("the call log cannot be read: %w", err)
	}
	if version > len(migrations) {
		return fmt.Errorf("the call log is of a newer tring (version %d, this one knows %d); use that one", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		tx, err := l.db.Begin()
		if err != nil {
			return fmt.Errorf("the call log cannot be prepared: %w", err)
		}
		if _, err = tx.Exec(migrations[version]); err == nil {
			_, err = tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", version+1))
		}
		if err != nil {
			tx.Rollback()
			return fmt.Errorf("the call log cannot be brought to version %d: %w", version+1, err)
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("the call log cannot be prepared: %w", err)
		}
	}
	return nil
}
