package phone

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"tring/audio"
)

// player plays one recording. The loop owns it; anybody may ask how far it is.
type player struct {
	call, path string
	ctx        context.Context
	stop       context.CancelCauseFunc       // with why
	reply      func(error)                   // to whom asked for it; only the first one counts
	begun      bool                          // the device is being opened
	sound      atomic.Pointer[recordedSound] // nil until it sounds
}

// recordedSound is an open recording and an open speaker.
type recordedSound struct {
	file   *audio.File
	gain   audio.Gain
	device audio.Device
	length time.Duration
	played atomic.Int64 // samples
}

func (p *Phone) newPlayer(call, path string, reply func(error)) *player {
	w := &player{call: call, path: path, reply: reply}
	w.ctx, w.stop = context.WithCancelCause(p.ctx)
	return w
}

// now is how far it is.
func (w *player) now() Playback {
	s := w.sound.Load()
	if s == nil {
		return Playback{Call: w.call}
	}
	return Playback{w.call, min(audio.DeviceRate.D(int(s.played.Load())), s.length), s.length}
}

// cue plays a recording as soon as the one before it has let go of the device:
// many cards can be open only once.
func (p *Phone) cue(next *player) {
	p.stopPlayers(errStopped)
	if p.player != nil {
		p.cued = next
		return
	}
	p.player = next
	p.refreshPlayer()
}

// stopPlayers ends what plays and what would play next.
func (p *Phone) stopPlayers(why error) {
	if p.cued != nil {
		p.cued.stop(why)
		p.cued.reply(why)
		p.cued = nil
	}
	switch w := p.player; {
	case w == nil:
	case w.begun:
		w.stop(why)
	default:
		p.player = nil
		w.stop(why)
		w.reply(why)
	}
}

// refreshPlayer starts a recording once the device of the last call is closed,
// and stops it for a new call.
func (p *Phone) refreshPlayer() {
	if p.player != nil && p.speakerTaken() {
		p.stopPlayers(errInterrupted)
	}
	if w := p.player; w != nil && !w.begun && p.desk.closing == 0 {
		w.begun = true
		p.openPlayer(w)
	}
}

func (p *Phone) openPlayer(w *player) {
	codecs, open := p.cfg.Sound.Codecs, p.ringDevice()
	choice := SoundChoice{Output: p.choice.Output, Ring: p.choice.Output} // what calls are heard on
	p.task(w.ctx, func(context.Context) func() {
		s, err := openRecording(w.path, codecs, open, choice)
		return func() { p.playerOpened(w, s, err) }
	})
}

func openRecording(path string, codecs audio.Codecs, open func(SoundChoice) (audio.Device, error), choice SoundChoice) (*recordedSound, error) {
	length, err := audio.Length(path)
	if err != nil {
		return nil, fmt.Errorf("the recording cannot be played: %w", err)
	}
	file, err := audio.OpenFile(path, codecs)
	if err != nil {
		return nil, fmt.Errorf("the recording cannot be played: %w", err)
	}
	device, err := open(choice)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the speaker cannot be opened: %w", err), file.Close())
	}
	s := &recordedSound{file: file, device: device, length: length}
	s.gain.Source = file
	return s, nil
}

func (p *Phone) playerOpened(w *player, s *recordedSound, err error) {
	if err != nil {
		p.playerOver(w, err)
		return
	}
	if w.ctx.Err() == nil { // else it only has to be closed
		w.sound.Store(s)
		s.gain.SetDB(decibels(p.desk.volume))
		p.emitPlayback(w, "started")
		w.reply(nil)
	}
	p.task(w.ctx, func(ctx context.Context) func() {
		err := s.play(ctx)
		return func() { p.playerOver(w, err) }
	})
}

// play plays to the end, or until ctx ends, and closes everything.
func (s *recordedSound) play(ctx context.Context) error {
	err := playOnce(ctx, s.device, s)
	if err == nil && ctx.Err() == nil {
		err = errors.Join(s.file.Err(), drain(ctx, s.device))
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	s.file.Close()
	return errors.Join(err, s.device.Close())
}

// Read is the recording at our volume; what was read counts as played.
func (s *recordedSound) Read(frame []int16) (int, error) {
	n, err := s.gain.Read(frame)
	s.played.Add(int64(n))
	return n, err
}

// drain lets what waits for the speaker be heard. A device holds less than a
// second; one that never empties is left alone after that.
func drain(ctx context.Context, device audio.Device) error {
	beat := make([]int16, audio.DeviceRate.N(audio.Period))
	for range time.Second / audio.Period {
		if device.Queued() == 0 || ctx.Err() != nil {
			break
		}
		if _, err := device.Read(beat); err != nil {
			return err
		}
	}
	return nil
}

// playerOver is when the device is closed: it says how that came about, and
// gives the speaker to whoever wants it now.
func (p *Phone) playerOver(w *player, err error) {
	p.player, p.cued = p.cued, nil
	w.stop(nil)
	w.reply(err)
	if w.sound.Load() != nil {
		what, complete := endOfPlayback(err)
		if complete {
			p.heard(w.call)
		}
		p.emitPlayback(w, what)
		if what == "failed" {
			p.notice("", "The recording stopped: "+err.Error())
		}
	}
	p.refreshSound()
}

// endOfPlayback names how a recording ended, and whether a person has heard
// what they wanted of it. What a call cut short stays new.
func endOfPlayback(err error) (what string, complete bool) {
	switch {
	case err == nil:
		return "ended", true
	case errors.Is(err, errStopped):
		return "stopped", true
	case errors.Is(err, errInterrupted), errors.Is(err, ErrClosed):
		return "interrupted", false
	}
	return "failed", false
}

func (p *Phone) emitPlayback(w *player, what string) {
	now := w.now()
	p.emit(Event{Kind: EventPlayback, What: what, Playback: &now})
}
