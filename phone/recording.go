package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"

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
	p.playNotice(c, func() { p.startRecording(c) })
	return nil
}

func (p *Phone) startRecording(c *live) {
	s := c.sound
	if !s.wanted || s.recording != nil {
		return
	}
	path := filepath.Join(p.cfg.Recordings, recordingName(c.Call))
	p.task(p.ctx, func(context.Context) func() {
		file, err := audio.StartRecording(audio.RecordingConfig{Path: path})
		return func() { p.recordingOpened(c, path, file, err) }
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

// recordingName is when the call began, its id, and a masked number: a folder
// listing must not be a list of numbers.
func recordingName(c Call) string {
	return fmt.Sprintf("%s_%s_%s.wav", c.Started.Format("2006-01-02T15-04-05"), c.ID, MaskNumber(c.Party.Number))
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
	r := p.tone(ToneNotice)
	if c.sound == nil {
		then()
		return
	}
	c.sound.session.Mix(p.tone(ToneNotice))
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
