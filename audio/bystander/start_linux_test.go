package bystander

import (
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// shortTurn is what threads ask for while a sound device is open.
const shortTurn = 100 * time.Microsecond

// inAHurry runs on a thread as all threads are while a sound device is open: with
// a short turn, which everybody may ask for, and first, where this user may.
func inAHurry(t *testing.T, run func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends here
		attr := *usual
		attr.Runtime = uint64(shortTurn)
		if err := unix.SchedSetAttr(0, &attr, 0); err != nil {
			t.Error(err)
		}
		attr.Nice -= 5
		if err := unix.SchedSetAttr(0, &attr, 0); err != nil {
			t.Logf("this user may not go first: %v", err)
		}
		run()
	}()
	<-done
}

func TestAProgramDoesNotInheritTheHurry(t *testing.T) {
	inAHurry(t, func() {
		cmd := exec.CommandContext(t.Context(), "sleep", "600")
		if err := Start(cmd); err != nil {
			t.Error(err)
			return
		}
		defer cmd.Wait()
		defer cmd.Process.Kill()
		attr, err := unix.SchedGetAttr(cmd.Process.Pid, 0)
		if err != nil || attr.Nice != usual.Nice || attr.Policy != usual.Policy || attr.Runtime == uint64(shortTurn) {
			t.Errorf("it runs with %+v, %v; the program began with %+v", attr, err, usual)
		}
		if own, err := unix.SchedGetAttr(0, 0); err != nil || own.Nice > usual.Nice {
			t.Errorf("whoever started it runs with %+v, %v", own, err)
		}
	})
}

func TestAProgramIsNotSteeredWhileAStreamOpens(t *testing.T) {
	defer func(old []string) { given = old }(given)
	given = nil
	t.Setenv("PULSE_SINK", "of a stream that is being opened")
	t.Setenv("BYSTANDER", "ours")
	out, err := Output(exec.CommandContext(t.Context(), "sh", "-c", `printf '%s|%s' "$PULSE_SINK" "$BYSTANDER"`))
	if err != nil || string(out) != "|ours" {
		t.Errorf("it saw %q, %v", out, err)
	}
}

func TestProgramsStartAtTheSameTime(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if out, err := Output(exec.CommandContext(t.Context(), "echo", "here")); err != nil || string(out) != "here\n" {
				t.Errorf("it said %q, %v", out, err)
			}
		})
	}
	all.Wait()
}

func TestWhatAPersonChoseForEveryProgramStays(t *testing.T) {
	defer func(old []string) { given = old }(given)
	given = []string{"PULSE_SINK=chosen"}
	t.Setenv("PULSE_SINK", "of a stream that is being opened")
	if env := Environ(); !slices.Contains(env, "PULSE_SINK=chosen") || slices.Contains(env, "PULSE_SINK=of a stream that is being opened") {
		t.Errorf("the environment is %q", env)
	}
}
