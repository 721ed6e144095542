package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a package promises: the program and what a desktop and a shell look for.
var packaged = []string{
	"usr/bin/tring",
	"usr/share/applications/tring.desktop",
	"usr/share/bash-completion/completions/tring",
	"usr/share/doc/tring/copyright",
	"usr/share/doc/tring/third-party.md",
	"usr/share/fish/vendor_completions.d/tring.fish",
	"usr/share/man/man1/tring.1.gz",
	"usr/share/zsh/vendor-completions/_tring",
}

// TestTheDebInstallsAndRuns builds the packages as `make dist` does, installs
// the deb into a folder and runs what was installed.
func TestTheDebInstallsAndRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program of its own, which the race detector does not see")
	}
	t.Parallel()
	dist, root, home := t.TempDir(), t.TempDir(), t.TempDir()
	shell(t, home, []string{"DIST=" + dist, "VERSION=v9.8.7"}, "sh", "packaging/dist.sh")
	deb := only(t, filepath.Join(dist, "tring_*.deb"))
	shell(t, home, nil, "dpkg-deb", "-x", deb, root)
	for _, f := range packaged {
		if _, err := os.Stat(filepath.Join(root, f)); err != nil {
			t.Error(err)
		}
	}
	program := filepath.Join(root, "usr/bin/tring")
	dependsOnWhatItLinks(t, program, shell(t, home, nil, "dpkg-deb", "-f", deb, "Depends"))

	version := shell(t, home, nil, program, "--version")
	for _, want := range []string{"tring version v9.8.7 (commit ", "GPL-3.0-or-later", "whatsmeow v0", "pion/webrtc v4"} {
		if !strings.Contains(version, want) {
			t.Errorf("--version does not say %q:\n%s", want, version)
		}
	}
	if story := shell(t, home, nil, program, "demo"); !strings.Contains(story, "Everything held.") {
		t.Errorf("the demo's story did not hold:\n%s", story)
	}
}

// dependsOnWhatItLinks finds libraries that the deb does not ask for.
func dependsOnWhatItLinks(t *testing.T, program, depends string) {
	t.Helper()
	owners := map[string]string{
		"libc.so.6": "libc6", "libm.so.6": "libc6", "libpthread.so.0": "libc6", "libdl.so.2": "libc6", "ld-linux-x86-64.so.2": "libc6",
		"ld-linux-aarch64.so.1": "libc6",
		"libasound.so.2":        "libasound2",
		"libportaudio.so.2":     "libportaudio2", "libopus.so.0": "libopus0", "libspeexdsp.so.1": "libspeexdsp1",
	}
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	asked := strings.Split(strings.TrimSpace(depends), ", ")
	for _, l := range libraries {
		if !slices.Contains(asked, owners[l]) {
			t.Errorf("links %s, but the package depends on %q only", l, asked)
		}
	}
}

// only is the one file of a pattern.
func only(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %q, %v; want one", pattern, found, err)
	}
	return found[0]
}

// shell runs a command at home in a folder of its own and returns what it says.
func shell(t *testing.T, home string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	for _, dir := range []string{"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"} {
		cmd.Env = append(cmd.Env, dir+"="+filepath.Join(home, dir))
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
