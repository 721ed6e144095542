package portaudio

import (
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// While a device is open, callbacks, the sound server's client and the
// goroutines between them have a period of 10 ms, which a busy machine lets
// them miss.
const (
	// hurried is the niceness of the program's threads then. Most users may not
	// hurry; then it stays as it was.
	hurried = -11
	// shortTurn is how long a thread asks to run at a time: the shortest turn
	// there is. Who asks for less is let run sooner, and everybody may (Linux
	// 6.12 and later; ignored before).
	shortTurn = 100 * time.Microsecond
)

// usual is the niceness that the program was started with. The system call
// returns it as 20 minus the niceness.
var usual = func() int {
	n, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	if err != nil {
		return 0
	}
	return 20 - n
}()

// hurry lets the program go before others; threads made later inherit it.
func hurry() { schedule(min(hurried, usual), shortTurn) }

// ease takes it back.
func ease() { schedule(usual, 0) }

// schedule goes over the threads twice, for those that others make meanwhile.
func schedule(nice int, turn time.Duration) {
	for range 2 {
		threads, _ := os.ReadDir("/proc/self/task")
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil {
				reschedule(id, nice, turn)
			}
		}
	}
}

// reschedule leaves threads alone that have another policy: those of a sound
// library may be realtime ones. The niceness stays where the user may not hurry.
func reschedule(thread, nice int, turn time.Duration) {
	attr, err := unix.SchedGetAttr(thread, 0)
	if err != nil || attr.Policy != unix.SCHED_NORMAL {
		return
	}
	was := attr.Nice
	attr.Nice, attr.Runtime = int32(nice), uint64(turn)
	if unix.SchedSetAttr(thread, attr, 0) != nil {
		attr.Nice = was
		_ = unix.SchedSetAttr(thread, attr, 0)
	}
}
