package phone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"tring/audio"
)

// ErrNoRecording says that recording is switched off.
var ErrNoRecording = errors.New("recording is switched off; name a folder for recordings in the configuration")

// Record starts or stops recording, with a notice that both sides hear first.
func (p *Phone) Record(ctx context.Context, id string, on bool) error {
	return p.onTalking(ctx, id, func(c *live) error {
		if !on {
			p.endRecording(c)
			return nil
		}
		return p.record(c, "")
	})
}

// RecordTo is Record into a file of one's own: an absolute path that does not
// exist yet. Its ending chooses the format, where it is .wav or .ogg.
func (p *Phone) RecordTo(ctx context.Context, id, file string) error {
	if !filepath.IsAbs(file) {
		return fmt.Errorf("%q is not a whole path; write where the recording shall be from the root on", CleanLine(file, 80))
	}
	return p.onTalking(ctx, id, func(c *live) error {
		if c.sound != nil && c.sound.wanted {
			return errRecorded
		}
		return p.record(c, file)
	})
}

// errRecorded is why a recording cannot go to another file.
var errRecorded = errors.New("the call is recorded already; stop that recording first")

// record plays the notice to its end, and only then keeps sound, in a file or
// in one of our own naming.
func (p *Phone) record(c *live, file string) error {
	switch {
	case p.cfg.Recordings == "":
		return ErrNoRecording
	case c.sound == nil:
		return ErrNoSound
	case c.sound.wanted:
		return nil
	}
	c.sound.wanted, c.sound.file = true, file
	if p.cfg.Recording.NoNotice {
		p.startRecording(c)
		return nil
	}
	c.notices++
	this := c.notices
	p.playNotice(c, func() { p.startRecording(c) }, func() { p.noticeCut(c, this) })
	return nil
}

// noticeCut gives a recording up whose notice was not heard to its end, unless
// another notice took its place.
func (p *Phone) noticeCut(c *live, which int) {
	if c.sound.wanted && c.notices == which {
		c.sound.wanted = false
		p.notice(c.Line, "The call is not recorded: the notice was cut short by another sound. Start recording again.")
	}
}

func (p *Phone) startRecording(c *live) {
	s := c.sound
	if !s.wanted || s.recording.Load() != nil {
		return
	}
	to := p.newRecording(c)
	p.task(p.ctx, func(context.Context) func() {
		file, err := audio.StartRecording(to)
		return func() { p.recordingOpened(c, to.Path, file, err) }
	})
}

// newRecording is where a call is recorded, and how.
func (p *Phone) newRecording(c *live) audio.RecordingConfig {
	rules, file := p.cfg.Recording, c.sound.file
	switch strings.ToLower(filepath.Ext(file)) {
	case ".ogg":
		rules.Ogg = true
	case ".wav":
		rules.Ogg = false
	}
	to := rules.config(p.cfg.Sound.Codecs)
	to.Path = cmp.Or(file, filepath.Join(p.cfg.Recordings, recordingName(c.Call)+rules.extension()))
	return to
}

func (p *Phone) recordingOpened(c *live, path string, file *audio.Recording, err error) {
	s := c.sound
	switch {
	case err != nil:
		s.wanted = false
		p.notice(c.Line, "The call is not recorded: "+err.Error())
	case !s.wanted || c.State == Terminated:
		p.closeFile(file)
	default:
		s.recording.Store(file)
		s.session.Record(file)
		c.Recording = path
		c.OnRecord = true
		p.changed(c, "recording")
		p.followRecording(c, file)
	}
}

// followRecording tells when a recording ends by itself: the disk is full, or
// has gone.
func (p *Phone) followRecording(c *live, file *audio.Recording) {
	p.task(c.ctx, func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			return nil
		case <-file.Done():
		}
		return func() {
			if c.sound.recording.Load() == file {
				p.endRecording(c)
			}
		}
	})
}

// endRecording stops a recording in the middle of a call.
func (p *Phone) endRecording(c *live) {
	was := c.OnRecord
	p.stopRecording(c)
	if was {
		p.changed(c, "recording")
	}
}

// stopRecording closes the file, which is complete then.
func (p *Phone) stopRecording(c *live) {
	s := c.sound
	if s == nil {
		return
	}
	s.wanted, s.file, c.OnRecord = false, "", false
	if file := s.recording.Swap(nil); file != nil {
		s.session.Record(nil)
		p.closeFile(file)
	}
}

func (p *Phone) closeFile(f io.Closer) {
	p.task(p.ctx, func(context.Context) func() {
		if err := f.Close(); err != nil {
			return func() { p.notice("", "Recording stopped: "+err.Error()) }
		}
		return nil
	})
}
