package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// A recording or a voicemail plays through the speaker of calls. One plays at a
// time; the key that started it stops it, on whatever page the person is.

// playRecording plays what was recorded of a call, or stops what plays.
func (d *desk) playRecording(c phone.Call) tea.Cmd {
	switch {
	case d.playing != nil && (d.playing.Call == c.ID || c.ID == ""):
		return d.stopPlaying()
	case c.Recording == "":
		d.complain("Nothing was recorded of this call.")
		return nil
	}
	return d.ask("play the recording", func(ctx context.Context) error { return d.phone.PlayRecording(ctx, c.ID) })
}

func (d *desk) stopPlaying() tea.Cmd { return d.ask("stop the recording", d.phone.StopPlaying) }

// playback is told what became of a recording.
func (d *desk) playback(e phone.Event) {
	if e.Playback == nil {
		return
	}
	switch d.playing = nil; e.What {
	case "started":
		d.playing = e.Playback
	case "interrupted":
		d.tell("The recording stopped for a call.")
	}
}

// progressOf keeps how far the recording is that plays.
func (d *desk) progressOf(now *phone.Playback) {
	if now != nil && d.playing != nil && now.Call == d.playing.Call {
		d.playing = now
	}
}

// plays is the recording of a call if it plays right now.
func (d *desk) plays(c phone.Call) (phone.Playback, bool) {
	if d.playing == nil || d.playing.Call != c.ID {
		return phone.Playback{}, false
	}
	return *d.playing, true
}

// drawPlayback shows a recording in one row: how far it is, or the key that
// plays it.
func (d *desk) drawPlayback(a area, x, y int, e phone.LogEntry) {
	key := d.keys.key(PlayRecording)
	if now, on := d.plays(e.Call); on {
		x = a.put(x, y, good, timer(now.Position)) + 1
		x = a.gauge(x, y, max(min(30, a.w-x-22), 4), level, now.Position.Seconds()/max(now.Length.Seconds(), 0.001)) + 1
		x = a.put(x, y, subtle, timer(now.Length)) + 3
		x = a.put(x, y, brand, key) + 1
		a.put(x, y, text, "stops it")
		return
	}
	words, look := "recorded", text
	if e.Outcome == phone.OutcomeVoicemail {
		words = "voicemail, heard"
		if !e.Seen {
			words, look = "voicemail, not heard yet", fair
		}
	}
	x = a.put(x, y, look, words) + 3
	a.press(x, y, 8, PlayRecording, -1)
	x = a.put(x, y, brand, key) + 1
	a.put(x, y, text, "plays it")
}

// recordedMark is the sign of a recording in a list: playing, new voicemail, or
// just there.
func (d *desk) recordedMark(e phone.LogEntry) (string, role) {
	switch _, on := d.plays(e.Call); {
	case on:
		return "▶", good
	case e.Recording == "":
		return " ", subtle
	case e.Outcome == phone.OutcomeVoicemail && !e.Seen:
		return "●", fair
	}
	return "R", subtle
}
