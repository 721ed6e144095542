package main

import (
	"errors"
	"testing"

	"github.com/adrg/xdg"
)

func TestTwoSessionsDoNotRunOneProfile(t *testing.T) {
	t.Cleanup(xdg.Reload) // after the environment is as it was
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	session := func(profile string) Places {
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		xdg.Reload()
		p := newPlaces(profile, "")
		if err := p.make(); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first, second, other := session("home"), session("home"), session("work")
	release, err := lock(first.Lock())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(second.Lock()); !errors.Is(err, errRunning) {
		t.Errorf("the second session says %v", err)
	}
	if free, err := lock(other.Lock()); err != nil {
		t.Errorf("another profile says %v", err)
	} else {
		free()
	}
	release()
	if free, err := lock(second.Lock()); err != nil {
		t.Errorf("after the first ended, the second says %v", err)
	} else {
		free()
	}
}
