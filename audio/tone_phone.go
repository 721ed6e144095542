package audio

import (
	"slices"
	"time"
)

// The phone's own signs. They are no exchange's, so no country differs.
var (
	// CallEnded: three short low beeps.
	CallEnded = Cadence{Notes: []Note{
		beepOf(425, 160), pause(120), beepOf(425, 160), pause(120), beepOf(425, 160),
	}}
	// MutedSign falls: they do not hear you any more.
	MutedSign = Cadence{Notes: []Note{beepOf(660, 70), beepOf(440, 90)}}
	// UnmutedSign rises: they hear you again.
	UnmutedSign = Cadence{Notes: []Note{beepOf(440, 70), beepOf(660, 90)}}
	// RecordingNotice tells both sides that the call is recorded: 1400 Hz for
	// half a second every 15 s (ITU-T E.180 Supplement 2, recording warning tone).
	RecordingNotice = Cadence{Repeat: true, Notes: []Note{beepOf(1400, 500), pause(14_500)}}
	// HoldSign is what someone on hold hears: alive, not nagging.
	HoldSign = Cadence{Repeat: true, Notes: []Note{beepOf(440, 120), pause(180), beepOf(440, 120), pause(9_580)}}
	// Melody is the built-in ring tone: two rising bells and a rest.
	Melody = Cadence{Repeat: true, Notes: slices.Concat(
		bells(659.26, 783.99, 987.77, 1318.51), bells(587.33, 739.99, 880, 1174.66), []Note{pause(2000)})}
)

func beepOf(hz float64, ms int) Note {
	return Note{Hz: [2]float64{hz}, For: time.Duration(ms) * time.Millisecond}
}

func pause(ms int) Note { return Note{For: time.Duration(ms) * time.Millisecond} }

// bells are struck one after the other, the last one rings on; each sounds with
// its octave.
func bells(hz ...float64) []Note {
	var notes []Note
	for i, f := range hz {
		n := Note{Hz: [2]float64{f, 2 * f}, For: 140 * time.Millisecond, Decay: 180 * time.Millisecond}
		if i == len(hz)-1 {
			n.For, n.Decay = 480*time.Millisecond, 240*time.Millisecond
		}
		notes = append(notes, n)
	}
	return notes
}
