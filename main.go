// Command tring is a WhatsApp softphone for the terminal.
//
// This package parses, wires and runs; it alone knows which concrete lines,
// devices and codecs there are. One small file stands for each command.
package main

import (
	"context"
	"os"
	"syscall"

	"charm.land/fang/v2"
)

func main() { os.Exit(run(context.Background())) }

// run executes the command line and returns the exit code.
func run(ctx context.Context) int {
	var failed error
	err := fang.Execute(ctx, keepErrors(newRoot(), &failed),
		fang.WithVersion(versionText()),
		fang.WithErrorHandler(printError),
		fang.WithNotifySignal(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP))
	if failed != nil {
		printError(os.Stderr, fang.Styles{}, failed)
		err = failed
	}
	code := exitCode(err)
	if code == exitUsage && supervised {
		return childUsage
	}
	return code
}
