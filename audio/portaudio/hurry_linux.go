package portaudio

import (
	"os"
	"strconv"
	"syscall"
)

// hurried is the niceness of the program's threads while a device is open:
// callbacks, the sound server's client and the goroutines between them have a
// period of 10 ms, which a busy machine lets them miss otherwise. Most users
// may not hurry; then nothing changes.
const hurried = -11

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
func hurry() { renice(min(hurried, usual)) }

// ease takes it back.
func ease() { renice(usual) }

// renice goes over the threads twice, for those that others make meanwhile.
func renice(to int) {
	for range 2 {
		threads, _ := os.ReadDir("/proc/self/task")
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil {
				_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, to)
			}
		}
	}
}
