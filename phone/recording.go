package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"tring/audio"
)

// ErrNoRecording says that recording is switched off.
var ErrNoRecording = errors.New("recording is switched off; name a folder for recordings in the configuration")

// RecordingRules is how calls are recorded.
type RecordingRules struct {
	Ogg      bool          // Opus in Ogg instead of WAV
	NoNotice bool          // no beep tells the other side
	Floor    uint64        // bytes of the disk that stay free; 200 MB if zero
	Keep     time.Duration // older recordings are deleted at the start; 0 keeps them
}

func (r RecordingRules) config(codecs audio.Codecs) audio.RecordingConfig {
	c := audio.RecordingConfig{Floor: r.Floor}
	if r.Ogg {
		c.Codecs = codecs
	}
	return c
}

func (r RecordingRules) extension() string {
	if r.Ogg {
		return ".ogg"
	}
	return ".wav"
}

// Record starts or stops recording, with a notice that both sides hear first.
func (p *Phone) Record(ctx context.Context, id string, on bool) error {
	return p.onTalking(ctx, id, func(c *live) error {
		if !on {
			p.endRecording(c)
			return nil
		}
		return p.record(c)
	})
}

// record plays the notice to its end, and only then keeps sound.
func (p *Phone) record(c *live) error {
	switch {
	case p.cfg.Recordings == "":
		return ErrNoRecording
	case c.sound == nil:
		return ErrNoSound
	case c.sound.wanted:
		return nil
	}
	c.sound.wanted = true
	if p.cfg.Recording.NoNotice {
		p.startRecording(c)
		return nil
	}
	p.playNotice(c, func() { p.startRecording(c) })
	return nil
}

func (p *Phone) startRecording(c *live) {
	s := c.sound
	if !s.wanted || s.recording != nil {
		return
	}
	to := p.cfg.Recording.config(p.cfg.Sound.Codecs)
	to.Path = filepath.Join(p.cfg.Recordings, recordingName(c.Call)+p.cfg.Recording.extension())
	p.task(p.ctx, func(context.Context) func() {
		file, err := audio.StartRecording(to)
		return func() { p.recordingOpened(c, to.Path, file, err) }
	})
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
		s.recording = file
		s.session.Record(file)
		c.Recording = path
		p.set(c, &c.OnRecord, true, "recording")
	}
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
	s.wanted, c.OnRecord = false, false
	if s.recording != nil {
		s.session.Record(nil)
		p.closeFile(s.recording)
		s.recording = nil
	}
}

func (p *Phone) closeFile(f io.Closer) {
	p.task(p.ctx, func(context.Context) func() {
		if err := f.Close(); err != nil {
			return func() { p.notice("", "A sound file was not closed properly: "+err.Error()) }
		}
		return nil
	})
}

// recordingName is when the recording began, the call's id, and a masked number: a folder
// listing must not be a list of numbers. A call may be recorded several times.
func recordingName(c Call) string {
	return fmt.Sprintf("%s_%s_%s", time.Now().Format(recordingTime), c.ID, MaskNumber(c.Party.Number))
}

const recordingTime = "2006-01-02T15-04-05"

// ourRecording is what recordingName makes, so that clearing up deletes
// nothing else.
var ourRecording = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_[cx]\d+_\S+\.(wav|ogg)$`)

// clearRecordings deletes our recordings that ended before a time.
func clearRecordings(folder string, before time.Time) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		info, statErr := e.Info()
		if statErr != nil || !info.Mode().IsRegular() || !ourRecording.MatchString(e.Name()) || !info.ModTime().Before(before) {
			continue
		}
		err = errors.Join(err, os.Remove(filepath.Join(folder, e.Name())))
	}
	return err
}

// MaskNumber hides the middle of a number, for logs and file names.
func MaskNumber(number string) string {
	if number == "" {
		return "hidden"
	}
	if len(number) <= 7 {
		return number[:1] + "xxx"
	}
	return number[:len(number)-7] + "xxxx" + number[len(number)-3:]
}

// playNotice plays the notice tone to both sides and calls then, on the loop,
// when it is over.
func (p *Phone) playNotice(c *live, then func()) {
	if c.sound == nil {
		then()
		return
	}
	r := p.tone(ToneNotice, c)
	c.sound.session.Mix(p.tone(ToneNotice, c))
	p.playTo(c, r, false, then)
}

// playTo plays a reader to the other side and calls then, on the loop, when it
// has ended; never when the call ends first.
func (p *Phone) playTo(c *live, r audio.Reader, mix bool, then func()) {
	e := &ending{Reader: r, over: make(chan struct{})}
	c.sound.session.Play(e, mix)
	p.task(c.ctx, func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			return nil
		case <-e.over:
			return then
		}
	})
}

// ending is a reader that tells when it has ended.
type ending struct {
	audio.Reader
	once sync.Once
	over chan struct{}
}

func (e *ending) Read(frame []int16) (int, error) {
	n, err := e.Reader.Read(frame)
	if err != nil {
		e.once.Do(func() { close(e.over) })
	}
	return n, err
}

// Play plays a sound file to the other side, over the microphone; an empty
// name stops it.
func (p *Phone) Play(ctx context.Context, id, file string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickTalking(id)
		switch {
		case err != nil:
			reply(err)
		case c.sound == nil:
			reply(ErrNoSound)
		case file == "":
			c.sound.session.Play(nil, false)
			reply(nil)
		default:
			p.playFile(c, file, func() {}, reply)
		}
	})
}

// playFile opens a file away from the loop and plays it; then follows its end.
func (p *Phone) playFile(c *live, file string, then func(), reply func(error)) {
	codecs := p.cfg.Sound.Codecs
	p.task(c.ctx, func(context.Context) func() {
		r, err := audio.OpenFile(file, codecs)
		return func() {
			switch {
			case err != nil:
				reply(err)
			case c.State == Terminated:
				r.Close()
				reply(c.Cause)
			default:
				context.AfterFunc(c.ctx, func() { r.Close() })
				p.playTo(c, r, true, then)
				reply(nil)
			}
		}
	})
}
