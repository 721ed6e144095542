package chat

import "go.mau.fi/libsignal/logger"

// libsignal prints what it does not like on the terminal, where it would stand
// in the middle of our output; what matters comes back as an error. Its logger
// is a variable of the process, so it is set before anything runs.
func init() {
	var quiet logger.Loggable = silence{}
	logger.Setup(&quiet)
}

type silence struct{}

func (silence) Debug(string, string)   {}
func (silence) Info(string, string)    {}
func (silence) Warning(string, string) {}
func (silence) Error(string, string)   {}
func (silence) Configure(string)       {}
