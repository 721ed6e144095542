package ui

import (
	"fmt"

	"tring/phone"
)

// drawWide adds the history of the quality and what happened.
func (t *talk) drawWide(a area, c phone.Call) {
	left, right := a.left(a.w * 13 / 20)
	audio, keys := left.bottom(8)
	quality, notes := right.top(14)
	inside := audio.frame("audio", line, title)
	t.drawMeters(inside.at(0, 1, inside.w, inside.h-1), c)
	t.drawSpeech(inside.at(0, 8, inside.w, inside.h-8), c)
	explained := keys.frame("controls", line, title)
	t.drawControls(explained.at(0, 1, explained.w, explained.h-1), c)
	t.drawQuality(quality.frame(qualityTitle(t.gauges(c.ID).quality), line, title), c)
	happened := notes.frame("notes and events", line, title)
	y := 1
	if c.Note != "" {
		y = happened.wrap(2, y, text, "note: "+phone.CleanLine(c.Note, 200)) + 1
	}
	t.drawMoments(happened, y, 2, c)
}

func qualityTitle(q phone.Quality) string {
	word, _ := qualityWord(q)
	if q.MOS == 0 {
		return "quality  " + word
	}
	return fmt.Sprintf("quality  %s  %.1f of 5", word, q.MOS)
}

// drawSpeech shows who spoke when, as high as there is room.
func (t *talk) drawSpeech(a area, c phone.Call) {
	g := t.gauges(c.ID)
	width := min(a.w-15, historyLength)
	rows := min((a.h-3)/2, 8)
	full := meterTop - meterFloor
	if rows < 1 {
		return
	}
	a.put(2, 0, title, fmt.Sprintf("last %d s", width))
	a.fit(2, 2, 10, text, "you")
	a.chart(13, 1, width, rows, level, &g.mic, full)
	a.fit(2, 3+rows, 10, text, t.who(c.Party))
	a.chart(13, 2+rows, width, rows, good, &g.peer, full)
}

// drawQuality is each number with its history.
func (t *talk) drawQuality(a area, c phone.Call) {
	g := t.gauges(c.ID)
	q := g.quality
	rows := []struct {
		name, value string
		h           *history
		full        float64
	}{
		{"loss in", fmt.Sprintf("%.1f %%", q.Loss*100), &g.loss, 10},
		{"loss out", fmt.Sprintf("%.1f %%", q.RemoteLoss*100), &g.remote, 10},
		{"jitter", inMilliseconds(q.Jitter), &g.jitter, 60},
		{"round trip", inMilliseconds(q.RTT), &g.rtt, 400},
		{"buffer", inMilliseconds(q.Buffer), &g.buffer, 300},
	}
	for i, row := range rows {
		a.put(2, 1+i, text, row.name)
		a.put(14, 1+i, text, fmt.Sprintf("%7s", row.value))
		a.spark(24, 1+i, max(a.w-26, 0), level, row.h, max(row.full, row.h.top()))
	}
	a.put(2, 6, text, "concealed")
	a.put(14, 6, text, fmt.Sprintf("%5.1f %%", q.Concealed*100))
	a.fit(2, 7, a.w-3, subtle, g.levels.Echo)
	a.fit(2, 8, a.w-3, subtle, "codec  "+phone.CleanLine(q.Codec, 40))
	a.fit(2, 9, a.w-3, subtle, "path   "+phone.CleanLine(q.Path, 40))
	a.fit(2, 10, a.w-3, subtle, "sound  "+t.encryption(c, q))
	a.put(2, 11, brand, t.keys.key(Diagnostics))
	a.put(5, 11, subtle, "all details")
}
