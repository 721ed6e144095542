package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"tring/audio/bystander"
)

// open shows a page or a file in the system's own program.
func open(what string) error {
	name := "xdg-open"
	if runtime.GOOS == "darwin" {
		name = "open"
	}
	viewer := exec.Command(name, what)
	if err := bystander.Start(viewer); err != nil {
		return err
	}
	go viewer.Wait()
	return nil
}

// showPicture keeps a picture of a linking code where only its owner can read
// it and opens it; the code is worthless after a minute.
func (a *app) showPicture(png []byte) (string, error) {
	path := filepath.Join(a.places.Runtime, "link.png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		return "", err
	}
	return path, open(path)
}
