package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Playback is a recording that plays through the speaker here. In JSON its
// times are seconds.
type Playback struct {
	Call     string        // the id of the call that was recorded
	Position time.Duration // how much of it has been played
	Length   time.Duration // of all of it
}

type playbackJSON struct {
	Call     string  `json:"call"`
	Position float64 `json:"position_s"`
	Length   float64 `json:"length_s"`
}

// MarshalJSON writes times as seconds.
func (b Playback) MarshalJSON() ([]byte, error) {
	return json.Marshal(playbackJSON{b.Call, b.Position.Seconds(), b.Length.Seconds()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Playback) UnmarshalJSON(text []byte) error {
	var j playbackJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	seconds := func(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }
	*b = Playback{j.Call, seconds(j.Position), seconds(j.Length)}
	return nil
}

// ErrNotRecorded says that there is nothing to play.
var ErrNotRecorded = errors.New("this call was not recorded")

// Why a recording stops before its end.
var (
	errStopped     = errors.New("it was stopped")
	errInterrupted = fmt.Errorf("a call needs the speaker: %w", ErrBusy)
)

// PlayRecording plays what was recorded of a past call, a voicemail as a rule,
// through the speaker of calls; nobody else hears it. It returns when it
// sounds; events of the kind EventPlayback tell the rest. Another recording
// that plays gives way.
//
// While there is a call it is refused with ErrBusy, and a call that comes
// stops it: the ring must be heard, and a microphone beside the speaker would
// carry the words of one person to another. Only what the machine answers goes
// on beside it.
func (p *Phone) PlayRecording(ctx context.Context, id string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		path, err := p.recordingOf(id)
		switch {
		case err != nil:
			reply(err)
		case p.ringDevice() == nil:
			reply(ErrNoSound)
		case p.speakerTaken():
			reply(ErrBusy)
		case p.stopTest != nil:
			reply(ErrInUse)
		default:
			p.cue(p.newPlayer(id, path, reply))
		}
	})
}

// PlayToEnd is PlayRecording that returns when it is over, with how: "ended",
// "stopped", "interrupted" or "failed", as events have it. The end of ctx stops
// it. sounds is told when it begins.
func (p *Phone) PlayToEnd(ctx context.Context, id string, sounds func(Playback)) (how string, err error) {
	watching, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	news := p.Watch(watching)
	defer context.AfterFunc(ctx, func() { p.StopPlaying(watching) })()
	if err := p.PlayRecording(ctx, id); err != nil {
		return "", err
	}
	begun := false
	for e := range news {
		switch {
		case e.Playback == nil || e.Playback.Call != id:
		case e.What == "started":
			begun = true
			sounds(*e.Playback)
		case begun: // what came before was the end of another
			return e.What, nil
		}
	}
	return "", ErrClosed
}

// recordingOf is the file that was recorded of a call.
func (p *Phone) recordingOf(id string) (string, error) {
	entries, err := p.store.Calls([]string{id})
	switch {
	case err != nil:
		return "", fmt.Errorf("the log could not be read: %w", err)
	case len(entries) == 0:
		return "", fmt.Errorf("%s: %w", id, ErrNoCall)
	case entries[0].Recording == "":
		return "", fmt.Errorf("%s: %w", id, ErrNotRecorded)
	}
	return entries[0].Recording, nil
}

// speakerTaken reports whether a call has, or may want, the speaker.
func (p *Phone) speakerTaken() bool {
	for _, c := range p.calls {
		if !c.Listening {
			return true
		}
	}
	return false
}

// StopPlaying ends the recording that plays; it is no error when none does.
func (p *Phone) StopPlaying(ctx context.Context) error {
	return tellTo(ctx, p, func(reply func(error)) {
		p.stopPlayers(errStopped)
		reply(nil)
	})
}

// Playing is the recording that plays right now, if one does. It is cheap and
// may be asked at any rate.
func (p *Phone) Playing() (Playback, bool) {
	w := p.board.Load().player
	if w == nil {
		return Playback{}, false
	}
	return w.now(), true
}

// heard marks a voicemail as listened to.
func (p *Phone) heard(id string) {
	if err := p.store.Heard(id); err != nil {
		p.log.Error("the log could not be written", "err", err)
		return
	}
	p.index.heard(id)
	p.count()
	p.emit(Event{Kind: EventLog, What: "heard"})
}
