package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// ears are the microphones that are open so that the settings can show how
// loud each is. Nothing is kept of what they hear; they close when the page,
// or the part of it with the devices, is left, and for a call or a test.
type ears map[string]*ear // by the device's name, "" for the system's default

// ear is one microphone. Until it is open, or when it cannot be, levels is nil.
type ear struct {
	levels func() phone.Levels
	stop   func()
	err    error
	heard  phone.Levels // the last reading
}

// earOpened brings an open microphone, or why it could not be opened.
type earOpened struct {
	name string
	ear  *ear // the one that was waited for
	got  ear
}

// keepEars opens the microphones that are to be shown and closes the others.
func (r *root) keepEars() tea.Cmd {
	wanted := r.microphones()
	for name, e := range r.ears {
		if _, stays := wanted[name]; !stays {
			e.close()
			delete(r.ears, name)
		}
	}
	var cmds []tea.Cmd
	for name := range wanted {
		if _, open := r.ears[name]; !open {
			cmds = append(cmds, r.listen(name))
		}
	}
	return tea.Batch(cmds...)
}

// microphones are those whose levels the page in front shows.
func (r *root) microphones() map[string]bool {
	s := r.pages.settings
	if r.base != s || s.section != soundSection || s.testing || len(r.calls) > 0 || !r.sound.read {
		return nil
	}
	names := map[string]bool{}
	for _, dev := range r.sound.devices {
		if dev.Input {
			names[dev.Name] = true
		}
	}
	return names
}

func (r *root) listen(name string) tea.Cmd {
	e := &ear{heard: quietLevels}
	r.ears[name] = e
	ctx, open := r.ctx, r.phone.Listen
	return func() tea.Msg {
		ctx, cancel := context.WithCancel(ctx)
		levels, stop, err := open(ctx, name)
		return earOpened{name, e, ear{levels: levels, err: err, stop: func() {
			if stop != nil {
				stop()
			}
			cancel()
		}}}
	}
}

// opened takes a microphone, and closes it when nobody wants it any more.
func (r *root) opened(msg earOpened) {
	if r.ears[msg.name] != msg.ear {
		msg.got.stop()
		return
	}
	msg.ear.levels, msg.ear.stop, msg.ear.err = msg.got.levels, msg.got.stop, msg.got.err
}

func (e *ear) close() {
	if e.stop != nil {
		e.stop()
	}
}

// earHeard is how loud a microphone is right now.
type earHeard struct {
	ear    *ear
	levels phone.Levels
}

// reading makes what a command needs to read all open microphones.
func (m ears) reading() func() []earHeard {
	open := map[*ear]func() phone.Levels{}
	for _, e := range m {
		if e.levels != nil {
			open[e] = e.levels
		}
	}
	return func() (heard []earHeard) {
		for e, levels := range open {
			heard = append(heard, earHeard{e, levels()})
		}
		return heard
	}
}

// earOf is the microphone behind a row of the settings: the system's default
// is one of the others.
func (d *desk) earOf(row soundRow) (*ear, bool) {
	name := row.name
	for _, dev := range d.sound.devices {
		if name == "" && dev.Default && dev.Input {
			name = dev.Name
		}
	}
	e, ok := d.ears[name]
	return e, ok
}
