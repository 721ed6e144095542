package bystander

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// steering are the variables that tell a sound server where a stream belongs.
var steering = []string{"PULSE_PROP", "PULSE_SINK", "PULSE_SOURCE"}

// given are those of them that this program was started with, as NAME=value.
var given = slices.DeleteFunc(os.Environ(), func(pair string) bool { return !steers(pair) })

func steers(pair string) bool {
	name, _, _ := strings.Cut(pair, "=")
	return slices.Contains(steering, name)
}

// Environ is the environment for such a program: ours, without what steers a
// stream of ours.
func Environ() []string { return append(slices.DeleteFunc(os.Environ(), steers), given...) }

// Start starts a command; its Env, if nil, is Environ.
func Start(cmd *exec.Cmd) error { return unhurried(cmd, cmd.Start) }

// Output runs a command to its end and returns what it printed; its Env, if
// nil, is Environ.
func Output(cmd *exec.Cmd) (out []byte, err error) {
	err = unhurried(cmd, func() error {
		out, err = cmd.Output()
		return err
	})
	return out, err
}

// unhurried starts a command from a thread that does not hurry: a child inherits
// from the thread, and may have children of its own before anybody could slow it
// down. The goroutine ends with its thread locked, which ends the thread: to
// hurry again may need a right that it no longer has.
func unhurried(cmd *exec.Cmd, start func() error) error {
	if cmd.Env == nil {
		cmd.Env = Environ()
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		calm()
		done <- start()
	}()
	return <-done
}
