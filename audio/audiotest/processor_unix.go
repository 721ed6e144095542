//go:build unix

package audiotest

import (
	"syscall"
	"testing"
	"time"
)

// ProcessorTime is what this process has used of all processors so far; unlike
// the clock it does not count what other programs took.
func ProcessorTime(t testing.TB) time.Duration {
	t.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
