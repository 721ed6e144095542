package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

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
		if err := m.Wrote(who, "message", now); err != nil {
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
