package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// errRunning says that another instance of the profile runs already.
var errRunning = errors.New("tring is already running for this profile; use its screen, or `tring status`")

// lock makes sure that one instance runs per profile: a second connection with
// the same keys would throw out the first. The kernel frees it when the process
// ends, however it ends.
func lock(path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errRunning
		}
		return nil, fmt.Errorf("the lock %s cannot be taken: %w", path, err)
	}
	file.Truncate(0)
	file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return func() { file.Close() }, nil
}
