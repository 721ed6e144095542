package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
)

// hash is the SHA-256 of a folder's Nix archive, as flakes write it. The format
// is that of Dolstra's thesis, 5.2: strings with a length of 8 bytes, filled up
// with zeros to 8, and nothing of a file but its content and whether it may run.
func hash(root string) (string, error) {
	sum := sha256.New()
	text(sum, "nix-archive-1")
	if err := node(sum, root); err != nil {
		return "", err
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(sum.Sum(nil)), nil
}

func text(w io.Writer, parts ...string) {
	for _, s := range parts {
		length := binary.LittleEndian.AppendUint64(nil, uint64(len(s)))
		w.Write(length)
		io.WriteString(w, s)
		w.Write(make([]byte, -len(s)&7))
	}
}

func node(w io.Writer, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	text(w, "(", "type")
	defer text(w, ")")
	if info.IsDir() {
		return folder(w, path)
	}
	text(w, "regular")
	if info.Mode()&0o100 != 0 {
		text(w, "executable", "")
	}
	content, err := os.ReadFile(path)
	text(w, "contents", string(content))
	return err
}

func folder(w io.Writer, path string) error {
	text(w, "directory")
	entries, err := os.ReadDir(path) // sorted by name, as the format wants
	if err != nil {
		return err
	}
	for _, e := range entries {
		text(w, "entry", "(", "name", e.Name(), "node")
		if err := node(w, filepath.Join(path, e.Name())); err != nil {
			return err
		}
		text(w, ")")
	}
	return nil
}
