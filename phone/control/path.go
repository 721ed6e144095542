package control

import (
	"errors"
	"fmt"
	"syscall"
)

// MaxPath is how long a socket's path may be, in bytes: the system's sun_path
// less the zero at its end.
const MaxPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// ErrLongPath says that a system takes no sockets at such a path.
var ErrLongPath = errors.New("the path of the control socket is too long for this system; choose a shorter folder with --root or XDG_RUNTIME_DIR")

// possible refuses a path at which no socket can be.
func possible(path string) error {
	if len(path) > MaxPath {
		return fmt.Errorf("%w (%s has %d bytes, %d are possible)", ErrLongPath, path, len(path), MaxPath)
	}
	return nil
}
