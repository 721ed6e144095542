package rules

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be quiet before it is read: editors write in
// several steps.
const settle = 50 * time.Millisecond

// Watch loads the file again whenever it or one of its lists changes, until
// ctx ends. Folders are watched, not files: editors replace files.
func (k *Keeper) Watch(ctx context.Context) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	watched := map[string]bool{}
	k.watchFolders(w, watched)
	var quiet <-chan time.Time
	for {
		select {
		case e := <-w.Events:
			if k.concerns(e.Name) {
				quiet = time.After(settle)
			}
		case err := <-w.Errors: // news may have been lost
			k.log.Warn("watching the rules file", "err", err)
			quiet = time.After(settle)
		case <-quiet:
			k.Reload()
			k.watchFolders(w, watched)
		case <-ctx.Done():
			return nil
		}
	}
}

func (k *Keeper) watchFolders(w *fsnotify.Watcher, watched map[string]bool) {
	for _, name := range k.watchedFiles() {
		if dir := filepath.Dir(name); !watched[dir] {
			watched[dir] = w.Add(dir) == nil
		}
	}
}

// watchedFiles are the rules file and its lists, and where links lead: many
// keep such files in a repository elsewhere.
func (k *Keeper) watchedFiles() (files []string) {
	for _, name := range append([]string{k.path}, k.Book().Files...) {
		files = append(files, filepath.Clean(name))
		if real, err := filepath.EvalSymlinks(name); err == nil && real != filepath.Clean(name) {
			files = append(files, real)
		}
	}
	return files
}

// concerns reports whether a changed file is one of ours.
func (k *Keeper) concerns(name string) bool {
	return slices.Contains(k.watchedFiles(), filepath.Clean(name))
}
