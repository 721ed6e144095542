package relay

import "github.com/pion/logging"

// quiet silences pion, which would write to standard error: the screen. What
// matters comes back as errors.
var quiet = silence{}

type silence struct{}

func (silence) NewLogger(string) logging.LeveledLogger {
	return &logging.DefaultLeveledLogger{}
}
