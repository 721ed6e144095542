package call

import (
	"flag"
	"os"
)

func exit(code int) { os.Exit(code) }

// fullRun reports whether all tests ran, so that unused rows can be judged.
func fullRun() bool {
	for _, name := range []string{"test.run", "test.bench", "test.fuzz", "test.skip"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}
