package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// The intervals at which the screen looks at the clock. A meter looks alive at
// seven times a second; everything that counts seconds needs one; an idle
// screen shows only the time of day.
const (
	meterPace  = 150 * time.Millisecond
	secondPace = time.Second
)

// pacing is the one timer of the screens. A tick of an older generation is
// late news and counts for nothing.
type pacing struct {
	interval   time.Duration
	generation int
	armed      time.Time // when the timer was started
}

// clockTicked tells that the interval has passed, and what the calls measure.
type clockTicked struct {
	generation int
	samples    []sample
	heard      []earHeard
	playback   *phone.Playback
}

// sample is what one call measures right now.
type sample struct {
	call    string
	levels  phone.Levels
	quality phone.Quality
}

// pace is how long what is on the screen stays true.
func (r *root) pace() time.Duration {
	if c, ok := r.focus(); ok {
		if c.State.Answered() && !c.Held && r.showsMeters() {
			return meterPace
		}
		return secondPace
	}
	if len(r.ears) > 0 {
		return meterPace
	}
	if len(r.calls) > 0 || r.playing != nil || r.base == r.pages.linking || r.notice.text != "" || r.base == r.pages.diagnostics || r.base == r.pages.talk {
		return secondPace
	}
	return nextMinute(r.now)
}

func (r *root) showsMeters() bool { return r.base == r.pages.talk && r.h >= 10 }

// keepPace starts the timer again when it has run out or the wanted interval
// got shorter. Waiting and reading happen in the command.
func (r *root) keepPace() tea.Cmd {
	want := r.pace()
	if r.pacing.interval > 0 && r.pacing.interval <= want {
		return nil
	}
	r.pacing.generation++
	r.pacing.interval, r.pacing.armed = want, r.now
	generation, ids, source, listen := r.pacing.generation, r.measured(), r.phone, r.ears.reading()
	return tea.Tick(want, func(time.Time) tea.Msg {
		tick := clockTicked{generation: generation, heard: listen()}
		if now, on := source.Playing(); on {
			tick.playback = &now
		}
		for _, id := range ids {
			tick.samples = append(tick.samples, sample{id, source.Levels(id), source.Quality(id)})
		}
		return tick
	})
}

// measured are the calls that have sound.
func (r *root) measured() (ids []string) {
	for _, c := range r.calls {
		if c.State.Answered() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// ticked takes what the calls measure. A call that wants to be noticed rings
// the terminal's bell with every tick.
func (r *root) ticked(msg clockTicked) tea.Cmd {
	if msg.generation != r.pacing.generation {
		return nil
	}
	r.saySleep()
	r.pacing.interval = 0
	for _, s := range msg.samples {
		r.gauges(s.call).take(r.now, s.levels, s.quality)
	}
	r.progressOf(msg.playback)
	for _, h := range msg.heard {
		h.ear.heard = h.levels
	}
	r.expireNotice()
	for _, c := range r.ringing(false) {
		if c.Loud && r.alert != alertOff {
			return raw("\a")
		}
	}
	return nil
}

// late is how late a tick must be before it was not the machine's load.
const late = 5 * time.Second

// saySleep tells how long the machine slept, or the program was stopped, during
// a call: nobody heard anything of us meanwhile. Wall clocks are compared, for
// the monotonic one sleeps too.
func (r *root) saySleep() {
	gone := r.now.Round(0).Sub(r.pacing.armed.Round(0)) - r.pacing.interval
	if gone > late && len(r.calls) > 0 {
		r.complain("This computer was stopped for " + span(gone) + "; the call had no sound from here.")
	}
}
