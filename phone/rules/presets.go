package rules

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed presets
var presetFiles embed.FS

// Presets are the names of the ready-made rules files.
func Presets() []string {
	entries, err := presetFiles.ReadDir("presets")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
	}
	slices.Sort(names)
	return names
}

// Preset is the text of a ready-made rules file.
func Preset(name string) ([]byte, error) {
	text, err := presetFiles.ReadFile("presets/" + path.Base(name) + ".toml")
	if err != nil {
		return nil, fmt.Errorf("there is no preset %q; there are: %s", name, strings.Join(Presets(), ", "))
	}
	return text, nil
}
