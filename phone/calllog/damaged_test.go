package calllog_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func TestADamagedEventIsLeftOutAndDoesNotHideTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	l := open(t, path)
	var said []string
	l.Damaged = func(err error) { said = append(said, err.Error()) }
	for range 3 {
		save(t, l, aCall())
	}
	all, err := l.Events(0, time.Time{}, 100)
	if err != nil || len(all) < 3 {
		t.Fatalf("%d events, %v", len(all), err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE events SET event='{half' WHERE seq<=2`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var found []phone.Event
		if found, err = l.Events(0, time.Time{}, 1); err != nil || len(found) != 1 || found[0].Seq != all[2].Seq {
			t.Errorf("%+v, %v", found, err)
		}
	}
	if len(said) != 2 || !strings.Contains(said[0], "event 1 ") {
		t.Errorf("said %q", said)
	}
}
