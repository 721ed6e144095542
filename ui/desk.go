package ui

import (
	"context"
	"log/slog"
	"time"

	"tring/phone"
)

// desk is what the screens share: what is known of the phone, the clock, the
// keys, and which screen lies on top. Only Update changes it.
type desk struct {
	ctx   context.Context
	cfg   Config
	phone Phone
	keys  KeyMap
	now   time.Time
	w, h  int

	lines    []phone.LineInfo
	calls    []phone.Call // living ones, oldest first
	last     phone.Call   // the call that ended last
	book     book
	known    struct{ people, calls bool } // contacts and calls have been read
	recents  []phone.LogEntry
	missed   int
	unheard  int              // voicemails that nobody has listened to
	machine  []phone.LogEntry // the voicemails, newest first
	playing  *phone.Playback  // the recording that plays here
	presence phone.Presence
	meters   map[string]*gauges
	pairing  map[string]phone.PairingStep // the present step of each line being linked
	numbers  numbers
	sound    soundState
	ears     ears
	synced   bool // the snapshot at the start is complete
	answered time.Time
	said     string // the call that was declined with a message last
	from     string // the line that calls go out on, "" for the one that fits

	pages   pages
	base    Screen   // the page
	dialogs []Screen // what lies on it, the last one in front

	look     string // the theme's name as chosen
	dark     bool   // the terminal's background is dark
	releases bool   // the terminal reports when a key is released
	ptt      bool   // space talks while it is held
	talking  bool   // it is held now
	gain     float64
	volume   float64
	notice   notice
}

// pages are the screens that a key leads to; each exists once.
type pages struct {
	home        *home
	linking     *linking
	talk        *talk
	settings    *settings
	diagnostics *diagnostics
	log         *logPage
}

func newDesk(ctx context.Context, cfg Config, keys KeyMap) *desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &desk{
		ctx: ctx, cfg: cfg, phone: cfg.Phone, keys: keys, now: cfg.Now(),
		presence: phone.Available,
		meters:   map[string]*gauges{},
		ears:     ears{},
		pairing:  map[string]phone.PairingStep{},
		numbers:  numbers{known: map[string]phone.NumberReading{}},
		look:     cfg.Theme, dark: true, ptt: cfg.PushToTalk,
		gain: orOne(cfg.MicGain), volume: orOne(cfg.Volume),
	}
	d.pages = pages{newHome(d), newLinking(d), newTalk(d), newSettings(d), newDiagnostics(d), newLogPage(d)}
	d.base = d.pages.home
	return d
}

func orOne(v float64) float64 {
	if v == 0 {
		return 1
	}
	return v
}

// call is the living call with an id.
func (d *desk) call(id string) (phone.Call, bool) {
	for _, c := range d.calls {
		if c.ID == id {
			return c, true
		}
	}
	return phone.Call{}, false
}

// focus is the call that keys are about: the one that talks or is being
// placed, else one on hold.
func (d *desk) focus() (phone.Call, bool) {
	var held phone.Call
	for _, c := range d.calls {
		switch {
		case c.State == phone.Incoming || c.Listening:
		case c.Held:
			held = c
		default:
			return c, true
		}
	}
	return held, held.ID != ""
}

// ringing are the calls that want an answer, the first one first.
func (d *desk) ringing(silenced bool) (calls []phone.Call) {
	for _, c := range d.calls {
		if c.State == phone.Incoming && c.Silenced == silenced {
			calls = append(calls, c)
		}
	}
	return calls
}

// listening are the calls that the machine has answered: voicemail, screening.
func (d *desk) listening() (calls []phone.Call) {
	for _, c := range d.calls {
		if c.Listening {
			calls = append(calls, c)
		}
	}
	return calls
}

// aside is the call that is on hold behind the one in focus.
func (d *desk) aside() (phone.Call, bool) {
	front, _ := d.focus()
	for _, c := range d.calls {
		if c.Held && c.ID != front.ID {
			return c, true
		}
	}
	return phone.Call{}, false
}

// busy reports whether a call is up in any state but ringing in.
func (d *desk) busy() bool { _, ok := d.focus(); return ok }

// line is a line by name; the first one for an unknown name.
func (d *desk) line(name string) phone.LineInfo {
	for _, l := range d.lines {
		if l.Name == name {
			return l
		}
	}
	if len(d.lines) > 0 {
		return d.lines[0]
	}
	return phone.LineInfo{}
}

// unlinked is the first line that nobody has linked yet.
func (d *desk) unlinked() (phone.LineInfo, bool) {
	for _, l := range d.lines {
		if l.Status == phone.LineUnlinked {
			return l, true
		}
	}
	return phone.LineInfo{}, false
}

// usable reports whether the phone can be used as its owner meant it: a personal
// line has been linked, or there is none. A business line beside it needs no
// linking and does not count.
func (d *desk) usable() bool {
	personal := false
	for _, l := range d.lines {
		switch {
		case l.Kind != phone.PersonalLine:
		case l.Status != phone.LineUnlinked:
			return true
		default:
			personal = true
		}
	}
	return !personal && len(d.lines) > 0
}

// colourless reports whether the screen may use no colours.
func (d *desk) colourless() bool { return d.look == "mono" || NoColor(d.cfg.Environ) }
