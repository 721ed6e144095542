package main

import (
	"io"
	"os"
	"syscall"
)

// maxLogSize is how large, in bytes, the log grows before its text is moved
// aside, to a file with ".1" behind its name.
const maxLogSize = 8 << 20

// logFile is the log. Several write to it at the same time: phones of several
// profiles, commands, and what C libraries and crashes print. The file
// therefore stays and is emptied: who has it open goes on in the same place.
type logFile struct {
	file *os.File
	path string
	most int64 // bytes
}

func openLogFile(path string) (*logFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &logFile{file, path, maxLogSize}, nil
}

// Write appends a line.
func (l *logFile) Write(line []byte) (int, error) {
	if l.full() {
		l.moveAside()
	}
	return l.file.Write(line)
}

func (l *logFile) full() bool {
	info, err := l.file.Stat()
	return err == nil && info.Size() > l.most
}

// moveAside copies the text and empties the file, unless another process does.
// On a disk without room for the copy the file grows on, and is tried later.
func (l *logFile) moveAside() {
	if syscall.Flock(int(l.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return
	}
	defer syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	if !l.full() {
		return
	}
	next := l.path + ".new"
	err := l.copyTo(next)
	if err == nil {
		err = os.Rename(next, l.path+".1")
	}
	if err != nil {
		os.Remove(next)
		l.most *= 2
		return
	}
	l.file.Truncate(0)
}

func (l *logFile) copyTo(path string) error {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.NewSectionReader(l.file, 0, 1<<62))
	if closing := to.Close(); err == nil {
		err = closing
	}
	return err
}
