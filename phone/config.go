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
	Elsewhere  Forgetter  // forgets people besides store, gatekeeper and lines; nil if nobody else knows them
	Sound      Sound
	Choice     SoundChoice   // the devices to start with
	Region     string        // home region for reading numbers, ISO 3166 code; "" reads only international ones
	RingTime   time.Duration // how long a call rings, both ways; 60 s if zero
	MediaTime  time.Duration // how long an answered call may stay without sound; 20 s if zero
	AutoAnswer []string      // numbers or names of people whose calls are answered by themselves
	AutoDelay  time.Duration // how long such a call rings first; 2 s if zero
	NoWaiting  bool          // a call that comes while we talk is told that we are busy
	Presence   Presence      // how we want to be treated at the start; Available if empty
	Ringback   string        // country whose ringing tone we hear: "auto" or "" by number, "off", or a code such as "DE"
	Gain       float64       // of the microphone, as a factor; 1 if zero
	Volume     float64       // of the speaker, as a factor; 1 if zero
	Recordings string        // folder of recordings; recording is refused if empty
	Recording  RecordingRules
	Machine    Machine
	Limits     Limits        // of outgoing calls
	KeepLog    time.Duration // calls and events older than this are removed at the start; 0 keeps them
	Log        *slog.Logger  // numbers are masked; discarded if nil
}

// The defaults of Config. WhatsApp's own ring time is 60 s; 20 s without sound
// is when Meta's side hangs up (Cloud API Calling, troubleshooting).
const (
	defaultRingTime  = 60 * time.Second
	defaultMediaTime = 20 * time.Second
	defaultAutoDelay = 2 * time.Second
)

func (c Config) withDefaults() Config {
	orElse := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	orElse(&c.RingTime, defaultRingTime)
	orElse(&c.MediaTime, defaultMediaTime)
	orElse(&c.AutoDelay, defaultAutoDelay)
	orElse(&c.Machine.Max, 2*time.Minute)
	orElse(&c.Machine.Screen, 5*time.Second)
	orElse(&c.Machine.Decide, 30*time.Second)
	orElse(&c.Limits.YesForgotten, 30*time.Second)
	if c.Presence == "" {
		c.Presence = Available
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Store == nil {
		c.Store = NewMemory()
	}
	return c
}

func orOne(factor float64) float64 {
	if factor == 0 {
		return 1
	}
	return factor
}
