package relay

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs many calls beside each other: tests over real sockets wait for
// timers, not for processors. In the end nothing of any call may be left.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "16")
	goleak.VerifyTestMain(m)
}
