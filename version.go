package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

// Set by the linker; a plain `go build` has the commit from version control.
var (
	version = "dev"
	commit  string
)

// versionText is what --version prints: version, commit, licence, and the
// versions of what speaks the networks' protocols.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	return fmt.Sprintf("%s (commit %s)\nlicence GPL-3.0-or-later\nwhatsmeow %s\npion/webrtc %s\n%s",
		version, cmp.Or(commit, setting(info, "vcs.revision")),
		dependency(info, "go.mau.fi/whatsmeow"), dependency(info, "github.com/pion/webrtc/v4"), info.GoVersion)
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "unknown"
}

func dependency(info *debug.BuildInfo, path string) string {
	for _, d := range info.Deps {
		if d.Path == path {
			return d.Version
		}
	}
	return "unknown"
}
