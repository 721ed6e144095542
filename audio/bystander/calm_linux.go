package bystander

import "golang.org/x/sys/unix"

// usual is how the program was scheduled when it started, nil if that is not
// known. Its turn is left to the kernel.
var usual = func() *unix.SchedAttr {
	attr, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return nil
	}
	attr.Flags = 0
	if attr.Policy == unix.SCHED_NORMAL || attr.Policy == unix.SCHED_BATCH {
		attr.Runtime = 0
	}
	return attr
}()

// calm has the calling thread run as the program was started. To hurry less is
// everybody's right.
func calm() {
	if usual != nil {
		attr := *usual // the call writes its size into it
		_ = unix.SchedSetAttr(0, &attr, 0)
	}
}
