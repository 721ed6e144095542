package main

import (
	"fmt"
	"time"
)

// checkRanges refuses numbers that no setting of the example goes to.
func (c Config) checkRanges() error {
	const any = 1e9
	for _, rule := range []struct {
		key         string
		value       float64
		least, most float64
	}{
		{"sound.volume", c.Sound.Volume, 0, 2},
		{"sound.mic_gain", c.Sound.MicGain, 0, 4},
		{"recording.disk_floor_mb", float64(c.Recording.DiskFloorMB), 0, any},
		{"recording.tape_mb", float64(c.Recording.TapeMB), 0, any},
		{"outgoing.max_per_hour", float64(c.Outgoing.MaxPerHour), 0, any},
		{"outgoing.max_new_people_per_day", float64(c.Outgoing.MaxNewPeoplePerDay), 0, any},
		{"outgoing.unanswered_in_a_row", float64(c.Outgoing.UnansweredInARow), 0, any},
		{"texts.automatic_per_day", float64(c.Texts.AutomaticPerDay), 0, any},
		{"media.other_port", float64(c.Media.OtherPort), 0, 65535},
	} {
		switch {
		case rule.most == any && rule.value < rule.least:
			return ConfigError{rule.key, fmt.Sprintf("%v is less than nothing", rule.value)}
		case rule.value < rule.least || rule.value > rule.most:
			return ConfigError{rule.key, fmt.Sprintf("%v is not between %v and %v", rule.value, rule.least, rule.most)}
		}
	}
	for _, rule := range []struct {
		key   string
		value Duration
		least time.Duration
	}{
		{"calls.ring_time", c.Calls.RingTime, time.Second},
		{"recording.keep", c.Recording.Keep, 0},
		{"log.keep", c.Log.Keep, 0},
		{"outgoing.same_person_gap", c.Outgoing.SamePersonGap, 0},
	} {
		if time.Duration(rule.value) < rule.least {
			return ConfigError{rule.key, fmt.Sprintf("%v is too short; %v is the least", time.Duration(rule.value), rule.least)}
		}
	}
	return nil
}
