package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tring/phone"
)

const handwritten = `version = 1   # mine

[list.vip]
numbers = ["+1 202 555 0100"]

# They always get through.
# Even at night.
[[rule]]  # first
name = "VIPs"
when = { from = "@vip" }
do   = "ring-loud"

[[rule]]
name    = "Strangers"
enabled = false  # for now
when    = { from = "unknown" }
do      = "silence"
`

var mallory = phone.Party{Number: "+12025550100", PushName: `Mal "the" lory`, LID: "77"}

func TestSwitchingARuleChangesNothingElse(t *testing.T) {
	for _, tt := range []struct {
		name     string
		on       bool
		old, new string // what is replaced
	}{
		{"Strangers", true, "enabled = false  # for now", "enabled = true  # for now"},
		{"Strangers", false, "", ""},
		{"VIPs", false, "[[rule]]  # first\n", "[[rule]]  # first\nenabled = false\n"},
	} {
		got, err := SetEnabled([]byte(handwritten), tt.name, tt.on)
		if want := strings.Replace(handwritten, tt.old, tt.new, 1); err != nil || string(got) != want {
			t.Errorf("%s %v: %v\n%s", tt.name, tt.on, err, got)
		}
	}
	if _, err := SetEnabled([]byte(handwritten), "Nobody", true); err == nil {
		t.Error("a rule that is not there was switched")
	}
}

func TestARuleMadeFromACallStandsFirstAndChangesNothingElse(t *testing.T) {
	got, err := AddSilence([]byte(handwritten), mallory)
	if err != nil {
		t.Fatal(err)
	}
	head, tail, _ := strings.Cut(handwritten, "# They always")
	if !bytes.HasPrefix(got, []byte(head+"[[rule]]\nname = ")) || !bytes.HasSuffix(got, []byte("\n\n# They always"+tail)) {
		t.Errorf("the file is now\n%s", got)
	}
	book, err := Parse(got, "")
	if err != nil {
		t.Fatal(err)
	}
	v := book.Decide(Facts{Party: mallory, Kind: "voice"})
	if v.Rule.Do != phone.ActionSilence || v.Rule.Name != `Silence Mal "the" lory, +12025550100` {
		t.Errorf("decided by %q: %s", v.Rule.Name, v.Rule.Do)
	}
}

func TestSilencingSomebodyFromTheScreen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "rules.toml")
	k := NewKeeper(path, memory(t, ""), TextPolicy{}, silent, nil)
	hidden := phone.Party{LID: "88", PushName: "Eve"}
	for _, who := range []phone.Party{mallory, hidden, hidden} {
		if err := k.SilenceCaller(who); err != nil {
			t.Fatal(err)
		}
		if d := k.Decide(t.Context(), inquiry(who)); d.Action != phone.ActionSilence {
			t.Errorf("%s: %s by %q", who.Display(), d.Action, d.Rule)
		}
	}
	if n := len(k.Book().Rules); n != 2 {
		t.Errorf("%d rules for two people", n)
	}
	if err := k.Switch("Silence Eve", false); err != nil {
		t.Fatal(err)
	}
	if d := k.Decide(t.Context(), inquiry(hidden)); d.Action != phone.ActionRing {
		t.Errorf("switched off, yet %s by %q", d.Action, d.Rule)
	}
	if err := k.SilenceCaller(phone.Party{}); err == nil {
		t.Error("somebody wholly anonymous was silenced")
	}
}

func TestASpoiltFileIsNeverEdited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.toml")
	inline := "version = 1\nrule = [ { name = \"a\", do = \"ring\" } ]\n"
	for _, text := range []string{"version = 1\nsya = 1\n", inline} {
		put(t, path, text)
		k := NewKeeper(path, memory(t, ""), TextPolicy{}, silent, nil)
		if err := k.Switch("a", false); err == nil {
			t.Errorf("%q was edited", text)
		}
		if err := k.SilenceCaller(mallory); err == nil {
			t.Errorf("%q was added to", text)
		}
		if after, _ := os.ReadFile(path); string(after) != text {
			t.Errorf("the file is now %q", after)
		}
	}
}

func TestALinkedRulesFileStaysALinkAndKeepsItsRights(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real.toml"), filepath.Join(dir, "rules.toml")
	put(t, path, handwritten)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	k := NewKeeper(link, memory(t, ""), TextPolicy{}, silent, nil)
	if err := k.Switch("VIPs", false); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if info, err = os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("rights %v, %v", info.Mode(), err)
	}
}

func FuzzEdit(f *testing.F) {
	f.Add(handwritten)
	f.Add("version = 1\n[[rule]]\nname = \"\"\"a\n[[rule]]\"\"\"\ndo = \"ring\"\n'enabled' = true")
	f.Add("version = 1\nrule = [ { name = \"a\", do = \"ring\" } ]\n")
	f.Fuzz(func(t *testing.T, text string) {
		book, err := Parse([]byte(text), "")
		if err != nil {
			return
		}
		for i, r := range book.Rules {
			changed, err := SetEnabled([]byte(text), r.Name, !r.Enabled)
			if err != nil {
				continue // written inline; Keeper says so
			}
			after, err := Parse(changed, "")
			if err == nil && (len(after.Rules) != len(book.Rules) || after.Rules[i].Enabled == r.Enabled) {
				t.Errorf("%q switched in\n%s\nmade\n%s", r.Name, text, changed)
			}
		}
	})
}
