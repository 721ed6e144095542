package main

import (
	"os/exec"
	"syscall"
)

// dieWithParent ends the child when the supervisor is killed, so that no phone
// rings on without a screen.
func dieWithParent(child *exec.Cmd) {
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
