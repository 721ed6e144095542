package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
)

// anybody may get a text.
func anybody() error { return nil }

func TestAForgottenPersonLeavesTheMemoryAndStillCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gatekeeper.json")
	m, err := OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ann, bob := phone.Party{Number: "+15550100001"}, phone.Party{Number: "+15550100002"}
	for _, who := range []phone.Party{ann, bob} {
		if err := m.Restrict(who, now.Add(time.Hour), "rule"); err != nil {
			t.Fatal(err)
		}
		if err := m.Wrote(who, "message", now, anybody); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Forget(ann); err != nil {
		t.Fatal(err)
	}
	if held := m.AllHeld(now); len(held) != 1 || !held[0].Party.Same(bob) {
		t.Errorf("held back: %+v", held)
	}
	if person, all := m.wroteSince(ann, now.Add(-time.Hour)); person != 0 || all != 2 {
		t.Errorf("%d texts to a forgotten person, %d in all", person, all)
	}
	if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), "15550100001") {
		t.Errorf("the file is %s, %v", text, err)
	}
}

func TestWhoIsReleasedByTimeLeavesTheMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gatekeeper.json")
	synctest.Test(t, func(t *testing.T) {
		m := memory(t, path)
		for _, number := range []string{"+15550100001", "+15550100002", "+15550100003"} {
			if err := m.Restrict(phone.Party{Number: number}, time.Now().Add(90*time.Minute), "rule"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
	})
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "15550100001") || !strings.Contains(string(text), "15550100002") {
		t.Errorf("the file is %s, %v", text, err)
	}
}
