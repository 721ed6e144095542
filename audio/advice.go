package audio

import "time"

// Advice is what a person at the microphone should be told.
type Advice int

// The advice there is.
const (
	NoAdvice Advice = iota
	AreYouMuted
	MicrophoneDead
	MicrophoneClips
)

func (a Advice) String() string {
	switch a {
	case AreYouMuted:
		return "You are muted, and you seem to speak."
	case MicrophoneDead:
		return "Your microphone gives silence: is it muted in the system, or forbidden to this program?"
	case MicrophoneClips:
		return "Your microphone is too loud and distorts: lower its gain."
	}
	return ""
}

const (
	voiceLevel = -40.0           // dBFS: louder than a quiet room
	clipLevel  = -0.1            // dBFS
	deadAfter  = 5 * time.Second // of digital zeros
	// voiceAfter and clipAfter are how much of it, lately, is worth a word. A
	// single peak is held for 1.5 s and is not.
	voiceAfter = 800 * time.Millisecond
	clipAfter  = 2500 * time.Millisecond
	// adviceStays is how long advice is repeated when its reason has gone.
	adviceStays = 4 * time.Second
)

// Advisor watches a session's microphone. It is pure: call Look some ten times
// a second.
type Advisor struct {
	voice, clips time.Duration // how much lately; it drains at a quarter of the speed
	last         Advice
	stays        time.Duration
}

// Look takes the session's state and the time since the last look.
func (a *Advisor) Look(s Stats, passed time.Duration) Advice {
	a.voice = lately(a.voice, s.Muted && s.Microphone.RMS > voiceLevel, passed, voiceAfter*5/4)
	a.clips = lately(a.clips, s.Microphone.Peak >= clipLevel, passed, clipAfter*5/4)
	if !s.Muted && a.last == AreYouMuted {
		*a = Advisor{} // it was followed
	}
	switch a.stays -= passed; {
	case !s.Muted && !s.Held && !s.DeviceLost && s.DeadMicrophone >= deadAfter:
		a.give(MicrophoneDead)
	case a.voice >= voiceAfter:
		a.give(AreYouMuted)
	case a.clips >= clipAfter && !s.Muted:
		a.give(MicrophoneClips)
	case a.stays <= 0:
		a.last = NoAdvice
	}
	return a.last
}

func (a *Advisor) give(advice Advice) { a.last, a.stays = advice, adviceStays }

// lately adds up how long something has been so, and forgets slowly.
func lately(sum time.Duration, so bool, passed, most time.Duration) time.Duration {
	if so {
		return min(sum+passed, most)
	}
	return max(0, sum-passed/4)
}
