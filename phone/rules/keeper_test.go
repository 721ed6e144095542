package rules

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

var silent = slog.New(slog.DiscardHandler)

func memory(t *testing.T, path string) *Memory {
	t.Helper()
	m, err := OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

const silenceStrangers = "version = 1\n[[rule]]\nname = \"strangers\"\nwhen = { from = \"unknown\" }\ndo = \"silence\"\n"

func inquiry(from phone.Party) phone.Inquiry {
	return phone.Inquiry{
		Offer: phone.IncomingOffer{From: from}, Line: phone.LineInfo{Name: "personal", Kind: phone.PersonalLine},
		Me: phone.Available, Now: time.Now(),
	}
}

func TestABadFileLeavesTheOldRulesInForce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.toml")
	put(t, path, silenceStrangers)
	var said []string
	k := NewKeeper(path, memory(t, ""), TextPolicy{PerDay: 10}, silent, func(s string) { said = append(said, s) })
	put(t, path, silenceStrangers+"sya = \"x\"\n")
	if k.Reload() == nil || !strings.Contains(k.Problem(), "unknown key") {
		t.Errorf("problem %q", k.Problem())
	}
	if d := k.Decide(t.Context(), inquiry(phone.Party{Number: "+12025550143"})); d.Rule != "strangers" {
		t.Errorf("decided by %q, want the old rule", d.Rule)
	}
	put(t, path, "version = 1\n")
	k.Reload()
	if k.Problem() != "" || len(said) != 2 || !strings.Contains(said[0], "old rules stay in force") || !strings.Contains(said[1], "good again") {
		t.Errorf("problem %q, said %q", k.Problem(), said)
	}
}

func TestWithAFileThatIsBadFromTheStartEverythingRings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.toml")
	put(t, path, silenceStrangers+"sya = \"x\"\n")
	var said []string
	k := NewKeeper(path, memory(t, ""), TextPolicy{PerDay: 10}, silent, func(s string) { said = append(said, s) })
	if d := k.Decide(t.Context(), inquiry(phone.Party{Number: "+12025550143"})); d.Action != phone.ActionRing {
		t.Errorf("it decided %v", d.Action)
	}
	if len(said) != 1 || !strings.Contains(said[0], "everything rings") || k.Problem() != said[0] {
		t.Errorf("problem %q, said %q", k.Problem(), said)
	}
}

func TestEveryNewMistakeInTheFileIsLoggedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.toml")
	put(t, path, "version = 1\n")
	var log strings.Builder
	k := NewKeeper(path, memory(t, ""), TextPolicy{}, slog.New(slog.NewTextHandler(&log, nil)), nil)
	for _, mistake := range []string{"sya = 1\n", "sya = 1\n", "dfeault = 1\n"} {
		put(t, path, "version = 1\n"+mistake)
		if k.Reload() == nil {
			t.Errorf("%q was taken", mistake)
		}
	}
	if n := strings.Count(log.String(), "refused"); n != 2 || !strings.Contains(log.String(), "dfeault") {
		t.Errorf("logged %d times: %s", n, &log)
	}
}

func TestSavingTheFileOrAListReloadsAtOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rules.toml")
	put(t, path, "version = 1\n")
	k := NewKeeper(path, memory(t, ""), TextPolicy{PerDay: 10}, silent, nil)
	ctx := t.Context()
	watching := make(chan error, 1)
	go func() { watching <- k.Watch(ctx) }()

	decides := func(rule string) func() bool {
		return func() bool {
			return k.Decide(ctx, inquiry(phone.Party{Number: "+12025550143"})).Rule == rule
		}
	}
	put(t, filepath.Join(dir, "people.txt"), "# nobody yet\n")
	rewriteUntil(t, path, "version = 1\n[list.p]\nfile = \"people.txt\"\n[[rule]]\nname = \"listed\"\nwhen = { from = \"@p\" }\ndo = \"silence\"\n",
		func() bool { return len(k.Book().Rules) == 1 })
	rewriteUntil(t, filepath.Join(dir, "people.txt"), "+1 202 555 0143\n", decides("listed"))
}

func TestALinkedFileIsWatchedWhereItIs(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	path, real := filepath.Join(dir, "rules.toml"), filepath.Join(elsewhere, "tring-rules.toml")
	put(t, real, "version = 1\n")
	if err := os.Symlink(real, path); err != nil {
		t.Fatal(err)
	}
	k := NewKeeper(path, memory(t, ""), TextPolicy{}, silent, nil)
	go k.Watch(t.Context())
	rewriteUntil(t, real, silenceStrangers, func() bool { return len(k.Book().Rules) == 1 })
}

// rewriteUntil writes a file until the watcher has seen it: the first writes
// may come before it watches.
func rewriteUntil(t *testing.T, path, text string, seen func() bool) {
	t.Helper()
	for range 200 {
		put(t, path, text)
		for range 10 {
			if seen() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	t.Fatalf("%s was never loaded again", path)
}

func TestRestrictionsAndTextsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "gatekeeper.json")
	path := filepath.Join(dir, "rules.toml")
	put(t, path, "version = 1\n[[rule]]\nname = \"spam\"\nwhen = { from = \"unknown\", calls = \"2 in 10m\" }\ndo = \"restrict\"\nfor = \"24h\"\n")
	eve := phone.Party{Number: "+12025550143", LID: "99"}
	k := NewKeeper(path, memory(t, state), TextPolicy{PerDay: 10}, silent, nil)
	q := inquiry(eve)
	q.Recent = []time.Time{q.Now.Add(-time.Minute)}
	if d := k.Decide(t.Context(), q); d.Rule != "spam" || d.Action != phone.ActionSilence {
		t.Fatalf("decided %+v", d)
	}

	again := NewKeeper(path, memory(t, state), TextPolicy{PerDay: 10}, silent, nil)
	if d := again.Decide(t.Context(), inquiry(phone.Party{LID: "99"})); d.Rule != "restricted" {
		t.Errorf("after a restart the same person, known by another id, was decided by %q", d.Rule)
	}
	if ok, err := again.memory.Release(eve); !ok || err != nil {
		t.Errorf("release: %v %v", ok, err)
	}
	if d := again.Decide(t.Context(), inquiry(eve)); d.Rule != "" {
		t.Errorf("after release decided by %q", d.Rule)
	}
	info, err := os.Stat(state)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("state file: %v %v", info.Mode(), err)
	}
}

func TestACommandAndTheRunningPhoneShareTheMemory(t *testing.T) {
	state := filepath.Join(t.TempDir(), "gatekeeper.json")
	running, command := memory(t, state), memory(t, state)
	eve, mallory := phone.Party{Number: "+12025550143"}, phone.Party{Number: "+12025550144"}
	now := time.Now()
	if err := running.Restrict(eve, now.Add(time.Hour), "spam"); err != nil {
		t.Fatal(err)
	}
	if err := command.Restrict(mallory, now.Add(time.Hour), "spam"); err != nil {
		t.Fatal(err)
	}
	if held := running.AllHeld(now); len(held) != 2 {
		t.Errorf("the phone sees %d held back, want both", len(held))
	}
	if ok, err := command.Release(eve); !ok || err != nil {
		t.Errorf("release: %v %v", ok, err)
	}
	if until := running.Restricted(eve, now); !until.IsZero() {
		t.Errorf("the phone still holds them back until %v", until)
	}
	put(t, state, "{ this is no JSON")
	if until := running.Restricted(mallory, now); until.IsZero() {
		t.Error("a spoilt file made the phone forget what it knew")
	}
	if err := running.Restrict(eve, now.Add(time.Hour), "spam"); err == nil {
		t.Error("a spoilt file was overwritten without a word")
	}
}

func TestWhoMayGetAnAutomaticText(t *testing.T) {
	policy := TextPolicy{PerDay: 2, To: "known"}
	now := time.Now()
	friend := Facts{Party: phone.Party{Number: "+12025550111"}, Contact: true, Network: phone.PersonalLine, Kind: "voice", Now: now}
	other := Facts{Party: phone.Party{Number: "+12025550112"}, Wrote: true, Network: phone.PersonalLine, Kind: "voice", Now: now}
	stranger := Facts{Party: phone.Party{Number: "+12025550143"}, Network: phone.PersonalLine, Kind: "voice", Now: now}
	k := NewKeeper(filepath.Join(t.TempDir(), "none"), memory(t, ""), policy, silent, nil)

	may := func(f Facts, want string) {
		t.Helper()
		err := k.mayText(f, time.Hour)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("may text: %v, want %q", err, want)
		}
	}
	may(friend, "")
	may(stranger, "restricted")
	group := friend
	group.Kind = "group"
	may(group, "never sent to groups")
	business := stranger
	business.Network = phone.BusinessLine
	may(business, "")
	k.memory.Wrote(friend.Party, "busy", now, anybody)
	may(friend, "got a text in the last 1h")
	may(other, "")
	k.memory.Wrote(other.Party, "busy", now, anybody)
	may(business, "the day's 2 automatic texts")
	later := friend
	later.Now = now.Add(25 * time.Hour)
	may(later, "")
}

func TestALookupThatIsTooSlowIsCutOffAndTheCallRings(t *testing.T) {
	dir := t.TempDir()
	rules := func(command string) string {
		return "version = 1\n[lookup]\ncommand = [\"" + command + "\"]\n[[rule]]\nname = \"gold\"\nwhen = { from = \"tag:gold\" }\ndo = \"ring-loud\"\n"
	}
	path, quick, slow := filepath.Join(dir, "rules.toml"), filepath.Join(dir, "quick"), filepath.Join(dir, "slow")
	put(t, quick, "#!/bin/sh\n[ \"$TRING_NUMBER\" = +12025550143 ] && echo gold\n")
	put(t, slow, "#!/bin/sh\nsleep 5\necho gold\n")

	put(t, path, rules(slow))
	k := NewKeeper(path, memory(t, ""), TextPolicy{PerDay: 10}, silent, nil)
	if d := k.Decide(t.Context(), inquiry(phone.Party{Number: "+12025550143"})); d.Rule != "" || d.Action != phone.ActionRing {
		t.Errorf("slow lookup: %+v", d)
	}
	put(t, path, rules(quick))
	k.Reload()
	k.lookup.limit = time.Minute // the machine may be busy; what counts is the answer
	if d := k.Decide(t.Context(), inquiry(phone.Party{Number: "+12025550143"})); d.Rule != "gold" {
		t.Errorf("with the answer: %+v", d)
	}
	put(t, quick, "#!/bin/sh\nexit 1\n")
	if d := k.Decide(t.Context(), inquiry(phone.Party{Number: "+12025550143"})); d.Rule != "gold" {
		t.Errorf("with the answer remembered: %+v", d)
	}
}
