package phone

import (
	"log/slog"
	"time"
)

// Config is what a Phone is made of. Only Lines is needed.
type Config struct {
	Lines      []Line
	Store      Store      // the log, contacts and events; kept in memory if nil
	Gatekeeper Gatekeeper // decides about incoming calls; everything rings if nil
	Sound      Sound
	Choice     SoundChoice   // the devices to start with
	Region     string        // home region for reading numbers, ISO 3166 code; "" reads only international ones
	RingTime   time.Duration // how long a call rings, both ways; 60 s if zero
	AutoAnswer []string      // Party.Key of people whose calls are answered by themselves
	AutoDelay  time.Duration // how long such a call rings first; 2 s if zero
	Recordings string        // folder of recordings; recording is refused if empty
	Log        *slog.Logger  // numbers are masked; discarded if nil
}
