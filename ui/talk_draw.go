package ui

import (
	"fmt"
	"time"

	"tring/phone"
)

// Draw draws the call: how it is, both meters, what the keys do.
func (t *talk) Draw(a area) {
	c, ok := t.focus()
	if !ok {
		t.drawEnded(a)
		return
	}
	status, rest := a.top(1)
	t.drawStatus(status, c)
	switch {
	case !c.State.Answered():
		t.drawDialling(rest, c)
	case a.w >= wideW && a.h >= wideH-2:
		t.drawWide(rest, c)
	default:
		t.drawFull(rest, c)
	}
	if t.pad {
		t.drawKeypad(a)
	}
}

// drawStatus is the row under the header: state, encryption, codec, quality.
func (t *talk) drawStatus(a area, c phone.Call) {
	q := t.gauges(c.ID).quality
	x := a.put(1, 0, stateRole(c), stateWords(c)) + 3
	if encrypted := t.encryption(c, q); encrypted != "" && a.w >= fullW {
		x = a.put(x, 0, subtle, encrypted) + 3
	}
	if q.Codec != "" && a.w >= fullW {
		x = a.put(x, 0, subtle, clean(q.Codec, 24)) + 3
	}
	if other, ok := t.aside(); ok {
		x = a.fit(x, 0, 24, fair, t.who(other.Party)+" on hold") + 2
	}
	if !c.State.Answered() {
		return
	}
	word, look := qualityWord(q)
	end := a.w - cells(word) - 16
	if end < x {
		return
	}
	end = a.put(end, 0, subtle, "quality ")
	end = a.put(end, 0, look, word) + 1
	for i := range 4 {
		bar := track
		if i < bars(q) {
			bar = look
		}
		a.put(end+i, 0, bar, sparks[2*i+1])
	}
}

func stateRole(c phone.Call) role {
	switch {
	case c.Reconnecting:
		return bad
	case c.State == phone.Established && !c.Held:
		return good
	}
	return fair
}

func (d *desk) encryption(c phone.Call, q phone.Quality) string {
	if q.Encrypted != "" {
		return "encrypted to " + clean(q.Encrypted, 20)
	}
	if end := d.line(c.Line).MediaEnd; end != "" {
		return "encrypted to " + clean(end, 20)
	}
	return ""
}

// drawDialling is the call before anybody answered.
func (t *talk) drawDialling(a area, c phone.Call) {
	box := a.middle(min(64, a.w), min(11, a.h)).frame("", line, title)
	y := max(box.h/2-3, 0)
	box.centre(y, strong, t.who(c.Party))
	box.centre(y+1, subtle, t.numberIfElse(c.Party))
	words := map[phone.State]string{phone.Calling: "calling …", phone.Ringing: "ringing", phone.Idle: "starting …"}[c.State]
	box.centre(y+3, fair, words+"  "+timer(t.callTime(c)))
	if !c.Deadline.IsZero() && box.h > y+5 {
		total := c.Deadline.Sub(c.Started)
		box.gauge((box.w-24)/2, y+4, 24, subtle, float64(c.Deadline.Sub(t.now))/float64(max(total, 1)))
	}
	if word, look := t.micWord(c); c.Muted {
		box.centre(y+5, look, word)
	}
	if clock := t.clockThere(c.Party.Number); clock != "" && box.h > y+6 {
		box.centre(y+6, subtle, clock)
	}
}

// drawFull is the page for one column: audio, controls, numbers.
func (t *talk) drawFull(a area, c phone.Call) {
	if a.h < 14 {
		t.drawMeters(a, c)
		return
	}
	audio, rest := a.top(8)
	t.drawMeters(audio.frame("audio", line, title), c)
	rest, foot := rest.bottom(2)
	t.drawControls(rest.frame("call", line, title), c)
	t.drawNumbers(foot, c)
}

// drawMeters shows both sides' levels and who is muted.
func (t *talk) drawMeters(a area, c phone.Call) {
	g := t.gauges(c.ID)
	width := max(a.w-34, 10)
	top := min(1, a.h-4)
	t.drawMeter(a, top, width, "you", g.levels.Mic, g.levels.MicPeak, fmt.Sprintf("gain %d%%", int(t.gain*100+0.5)))
	t.drawMeter(a, top+1, width, t.who(c.Party), g.levels.Peer, g.levels.PeerPeak, fmt.Sprintf("vol %d%%", int(t.volume*100+0.5)))
	word, look := t.micWord(c)
	x := a.put(2, top+3, look, word) + 4
	if g.levels.Clipping {
		x = a.put(x, top+3, bad, "too loud: lower the gain with "+t.keys.key(GainDown)) + 4
	}
	if c.PeerMuted {
		a.fit(x, top+3, a.w-x, fair, t.who(c.Party)+" is muted, since "+span(t.now.Sub(g.muted)))
	} else if c.Reconnecting {
		a.fit(x, top+3, a.w-x, bad, "no sound arrives, restoring it")
	} else if c.Held {
		a.fit(x, top+3, a.w-x, fair, "held here: they hear a tone; the network knows nothing of it")
	}
	a.fit(2, top+4, a.w-3, subtle, t.soundLine())
}

func (t *talk) drawMeter(a area, y, width int, name string, dB, peak float64, setting string) {
	x := a.fit(2, y, 10, text, name) + 1
	x = a.meter(x, y, width, dB, peak) + 2
	a.put(x, y, subtle, fmt.Sprintf("%7s", decibels(dB)))
	a.put(x+8, y, subtle, setting)
}

// controls are the actions that the page explains, with their words.
var controls = []Action{Mute, Hold, EndCall, Record, Keypad, WriteNote, PlayFile, Devices, VolumeDown, VolumeUp, GainDown, GainUp, CopyNumber, Back}

// drawControls explains the keys in columns, then what happened.
func (t *talk) drawControls(a area, c phone.Call) {
	columns := max(a.w/26, 1)
	width := (a.w - 4) / columns
	y := 0
	if a.h > 7 {
		y = 1
	}
	shown := 0
	for _, act := range controls {
		row := y + shown/columns
		if row >= a.h-1 {
			break
		}
		x := 3 + shown%columns*width
		a.put(x, row, brand, t.keys.key(act))
		a.fit(x+max(cells(t.keys.key(act)), 1)+2, row, width-6, text, t.controlWord(act, c))
		a.press(x, row, width-2, act, -1)
		shown++
	}
	t.drawMoments(a, y+(shown+columns-1)/columns+1, 3)
}

func (t *talk) controlWord(a Action, c phone.Call) string {
	switch {
	case a == Mute && c.Muted:
		return "unmute"
	case a == Hold && c.Held:
		return "take back"
	case a == EndCall:
		return "END CALL"
	case a == Record && c.OnRecord:
		return "stop recording"
	case a == Back:
		return "lists; the call goes on"
	}
	return actions[a].help
}

// drawMoments lists the last things that happened, the newest at the bottom.
func (t *talk) drawMoments(a area, y, x int) {
	c, ok := t.focus()
	if !ok {
		c = t.last
	}
	moments := t.gauges(c.ID).moments
	rows := max(a.h-y, 0)
	if len(moments) > rows {
		moments = moments[len(moments)-rows:]
	}
	for i, m := range moments {
		end := a.put(x, y+i, subtle, m.at.In(t.now.Location()).Format("15:04:05")) + 2
		a.fit(end, y+i, max(a.w-end-1, 0), text, m.text)
	}
}

// drawNumbers is the quality in numbers, in one row.
func (t *talk) drawNumbers(a area, c phone.Call) {
	q := t.gauges(c.ID).quality
	x := 1
	for _, fact := range qualityFacts(q) {
		if x+cells(fact) > a.w {
			break
		}
		x = a.put(x, 0, subtle, fact) + 3
	}
	if c.Note != "" {
		a.fit(1, 1, a.w-2, text, "note: "+clean(c.Note, 200))
	}
}

func qualityFacts(q phone.Quality) []string {
	if q.Received == 0 && q.Sent == 0 {
		return []string{"no numbers yet"}
	}
	facts := []string{
		fmt.Sprintf("loss %.1f%%", q.Loss*100),
		"jitter " + q.Jitter.Round(time.Millisecond).String(),
		"round trip " + q.RTT.Round(time.Millisecond).String(),
		"buffer " + q.Buffer.Round(time.Millisecond).String(),
	}
	if q.Path != "" {
		facts = append(facts, clean(q.Path, 40))
	}
	return facts
}

// drawWide adds the history of the quality and what happened.
func (t *talk) drawWide(a area, c phone.Call) {
	left, right := a.left(a.w * 13 / 20)
	audio, controls := left.top(17)
	quality, notes := right.top(17)
	inside := audio.frame("audio", line, title)
	t.drawMeters(inside, c)
	t.drawSpeech(inside, c)
	t.drawControls(controls.frame("controls", line, title), c)
	word, _ := qualityWord(t.gauges(c.ID).quality)
	t.drawQuality(quality.frame("quality  "+word, line, title), c)
	happened := notes.frame("notes and events", line, title)
	y := 1
	if c.Note != "" {
		y = happened.wrap(2, y, text, "note: "+clean(c.Note, 200)) + 1
	}
	t.drawMoments(happened, y, 2)
}

// drawSpeech shows who spoke during the last minute.
func (t *talk) drawSpeech(a area, c phone.Call) {
	g := t.gauges(c.ID)
	width := max(a.w-16, 10)
	full := meterTop - meterFloor
	a.put(2, 9, title, "last minutes")
	a.fit(2, 10, 9, subtle, "you")
	a.spark(12, 10, min(width, historyLength), level, &g.mic, full)
	a.fit(2, 12, 9, subtle, t.who(c.Party))
	a.spark(12, 12, min(width, historyLength), level, &g.peer, full)
}

// drawQuality is each number with its history.
func (t *talk) drawQuality(a area, c phone.Call) {
	g := t.gauges(c.ID)
	q := g.quality
	if q.MOS > 0 {
		a.right(0, subtle, fmt.Sprintf("%.1f of 5 ", q.MOS))
	}
	rows := []struct {
		name, value string
		h           *history
		full        float64
	}{
		{"loss in", fmt.Sprintf("%.1f %%", q.Loss*100), &g.loss, 10},
		{"loss out", fmt.Sprintf("%.1f %%", q.RemoteLoss*100), &g.remote, 10},
		{"jitter", fmt.Sprintf("%.0f ms", milliseconds(q.Jitter)), &g.jitter, 60},
		{"round trip", fmt.Sprintf("%.0f ms", milliseconds(q.RTT)), &g.rtt, 400},
		{"buffer", fmt.Sprintf("%.0f ms", milliseconds(q.Buffer)), &g.buffer, 300},
	}
	for i, row := range rows {
		a.put(2, 1+i, text, row.name)
		a.put(14, 1+i, text, fmt.Sprintf("%7s", row.value))
		a.spark(24, 1+i, max(a.w-26, 0), level, row.h, max(row.full, row.h.top()))
	}
	a.put(2, 6, text, "concealed")
	a.put(14, 6, text, fmt.Sprintf("%5.1f %%", q.Concealed*100))
	a.fit(2, 8, a.w-3, subtle, "codec  "+clean(q.Codec, 40))
	a.fit(2, 9, a.w-3, subtle, "path   "+clean(q.Path, 40))
	a.fit(2, 10, a.w-3, subtle, "sound  "+t.encryption(c, q))
	a.put(2, 12, brand, t.keys.key(Diagnostics))
	a.put(5, 12, subtle, "all details")
}

// drawKeypad lies over the right of the page.
func (t *talk) drawKeypad(a area) {
	rows := []string{"1        2 ABC    3 DEF", "4 GHI    5 JKL    6 MNO", "7 PQRS   8 TUV    9 WXYZ", "*        0 +      #"}
	w, h := 34, min(13, a.h)
	box := a.at(a.w-w-1, a.h-h, w, h).frame("keypad", ring, title)
	gap := 1
	if box.h >= 11 {
		gap = 2
	}
	for i, row := range rows {
		box.put(4, 1+i*gap, strong, row)
	}
	y := 2 + 3*gap
	box.fit(2, y, box.w-3, text, "sent: "+lastDigits(t.sent, box.w-10))
	box.fit(2, y+1, box.w-3, subtle, t.keys.key(Back)+" closes it")
}

// lastDigits is the end of what was sent, that fits.
func lastDigits(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n+1:]
	}
	return s
}

// drawEnded sums the last call up.
func (t *talk) drawEnded(a area) {
	c := t.last
	if c.ID == "" {
		a.centre(a.h/2, subtle, "no call")
		return
	}
	box := a.middle(min(72, a.w), min(14, a.h)).frame("", line, title)
	y := max(box.h/2-4, 0)
	box.centre(y, strong, t.who(c.Party))
	box.centre(y+1, subtle, t.numberIfElse(c.Party))
	box.centre(y+3, causeRole(c.Cause), c.Cause.Sentence())
	summary := ""
	if took := c.Duration(t.now); took > 0 {
		summary = timer(took)
		if word := c.Quality.Word(); word != "" {
			summary += "   quality " + word
		}
	}
	box.centre(y+4, text, summary)
	if c.Detail != "" {
		box.centre(y+5, subtle, clean(c.Detail, box.w-4))
	}
	if c.Recording != "" {
		box.centre(y+6, subtle, "recorded to "+clean(c.Recording, box.w-16))
	}
	if c.Unconfirmed {
		box.centre(y+7, fair, "nothing confirmed that they heard of the end")
	}
}

func causeRole(c phone.Cause) role {
	switch c {
	case phone.NormalClearing, phone.Cancelled, phone.Declined:
		return good
	case phone.NoAnswer, phone.Busy, phone.AnsweredElsewhere, phone.DeclinedElsewhere:
		return fair
	}
	return bad
}
