package ui

import (
	"fmt"

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
	x := a.put(1, 0, stateRole(c), talkWords(c)) + 3
	if encrypted := t.encryption(c, q); encrypted != "" && a.w >= fullW {
		x = a.put(x, 0, subtle, encrypted) + 3
	}
	if q.Codec != "" && a.w >= fullW {
		x = a.put(x, 0, subtle, phone.CleanLine(q.Codec, 24)) + 3
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

// talkWords is how the call is right now.
func talkWords(c phone.Call) string {
	switch {
	case c.Reconnecting:
		return "sound lost, restoring it"
	case c.Held:
		return "on hold"
	}
	return stateWords(c)
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
	switch end := decryptedAt(d.line(c.Line), q); end {
	case "":
		return ""
	case "end to end":
		return "encrypted end to end"
	default:
		return "encrypted to " + end
	}
}

// decryptedAt is where the sound is decrypted: measured, else as the line has it.
func decryptedAt(l phone.LineInfo, q phone.Quality) string {
	if q.Encrypted != "" {
		return phone.CleanLine(q.Encrypted, 24)
	}
	return phone.CleanLine(l.MediaEnd, 24)
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

// drawFull is the page in one column: meters, keys, what happened, numbers.
func (t *talk) drawFull(a area, c phone.Call) {
	if a.h < 18 {
		t.drawSmall(a, c)
		return
	}
	audio, rest := a.top(7)
	t.drawMeters(audio.frame("audio", line, title), c)
	rest, foot := rest.bottom(2)
	keys := rest.frame("call", line, title)
	y := t.drawControls(keys.at(0, 1, keys.w, keys.h-1), c)
	t.drawMoments(keys, y+2, 3, c)
	t.drawNumbers(foot, c)
}

// drawSmall is the page without frames.
func (t *talk) drawSmall(a area, c phone.Call) {
	t.drawMeters(a.at(0, 1, a.w, a.h-1), c)
	if a.h >= 12 {
		a.rule(7, line)
		t.drawNumbers(a.at(0, 8, a.w, 2), c)
		t.drawMoments(a, 10, 2, c)
	}
}

// drawMeters shows both sides' levels and who is muted.
func (t *talk) drawMeters(a area, c phone.Call) {
	g := t.gauges(c.ID)
	width := max(a.w-34, 10)
	t.drawMeter(a, 0, width, "you", g.levels.Mic, g.levels.MicPeak, fmt.Sprintf("gain %d%%", int(t.gain*100+0.5)))
	t.drawMeter(a, 1, width, t.who(c.Party), g.levels.Peer, g.levels.PeerPeak, fmt.Sprintf("vol %d%%", int(t.volume*100+0.5)))
	word, look := t.micWord(c)
	x := a.put(2, 3, look, word) + 4
	if g.levels.Clipping {
		x = a.put(x, 3, bad, "too loud: lower the gain with "+t.keys.key(GainDown)) + 4
	}
	if c.PeerMuted {
		a.fit(x, 3, a.w-x, fair, t.who(c.Party)+" is muted for "+span(t.now.Sub(g.muted)))
	} else if c.Digits != "" {
		a.fit(x, 3, a.w-x, text, "they pressed "+lastDigits(phone.CleanLine(c.Digits, 200), 20))
	} else if c.Reconnecting {
		a.fit(x, 3, a.w-x, bad, "no sound arrives, restoring it")
	} else if c.Held {
		a.fit(x, 3, a.w-x, fair, "held here: they hear a tone; the network knows nothing of it")
	}
	a.fit(2, 4, a.w-3, subtle, t.soundLine())
}

func (t *talk) drawMeter(a area, y, width int, name string, dB, peak float64, setting string) {
	x := a.fit(2, y, 10, text, name) + 1
	x = a.meter(x, y, width, dB, peak) + 2
	a.put(x, y, subtle, fmt.Sprintf("%7s", decibels(dB)))
	a.put(x+8, y, subtle, setting)
}

// control is one entry of the explained keys; two actions share one when they
// are the two directions of one thing.
type control struct {
	acts  []Action
	words string
}

var controls = []control{
	{[]Action{Mute}, "mute"},
	{[]Action{Hold}, "hold"},
	{[]Action{EndCall}, "END CALL"},
	{[]Action{Record}, "record"},
	{[]Action{Keypad}, "keypad"},
	{[]Action{WriteNote}, "note"},
	{[]Action{VolumeDown, VolumeUp}, "speaker volume"},
	{[]Action{GainDown, GainUp}, "microphone gain"},
	{[]Action{Devices}, "sound devices"},
	{[]Action{PlayFile}, "play a file"},
	{[]Action{CopyNumber}, "copy number"},
	{[]Action{Back}, "lists, call goes on"},
}

// drawControls explains the keys in columns and returns the row after them.
func (t *talk) drawControls(a area, c phone.Call) int {
	columns := max(min(a.w/24, 3), 1)
	width := (a.w - 3) / columns
	entries := controls
	if c.Muted || t.talking {
		entries = append([]control{{[]Action{Talk}, t.talkWords()}}, entries...)
	}
	for i, entry := range entries {
		column, y := 3+i%columns*width, i/columns
		x := column
		for _, act := range entry.acts {
			key := t.keys.key(act)
			a.press(x, y, cells(key)+1+cells(entry.words), act, -1)
			x = a.put(x, y, brand, key) + 1
		}
		a.fit(max(x, column+5), y, width-6, text, t.controlWord(entry, c))
	}
	return (len(entries) + columns - 1) / columns
}

func (t *talk) talkWords() string {
	if t.ptt && t.releases {
		return "hold to talk"
	}
	return "talk (unmutes)"
}

// controlWord is what a key would do now.
func (t *talk) controlWord(entry control, c phone.Call) string {
	switch {
	case entry.acts[0] == Mute && c.Muted:
		return "unmute"
	case entry.acts[0] == Hold && c.Held:
		return "take back"
	case entry.acts[0] == Record && c.OnRecord:
		return "stop recording"
	}
	return entry.words
}

// drawMoments lists the last things that happened, the newest at the bottom.
func (t *talk) drawMoments(a area, y, x int, c phone.Call) {
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
		a.fit(1, 1, a.w-2, text, "note: "+phone.CleanLine(c.Note, 200))
	}
}

func qualityFacts(q phone.Quality) []string {
	if q.Received == 0 && q.Sent == 0 {
		return []string{"no numbers yet"}
	}
	facts := []string{
		fmt.Sprintf("loss %.1f%%", q.Loss*100),
		"jitter " + inMilliseconds(q.Jitter),
		"round trip " + inMilliseconds(q.RTT),
		"buffer " + inMilliseconds(q.Buffer),
	}
	if q.Path != "" {
		facts = append(facts, phone.CleanLine(q.Path, 40))
	}
	return facts
}

// drawWide adds the history of the quality and what happened.
func (t *talk) drawWide(a area, c phone.Call) {
	left, right := a.left(a.w * 13 / 20)
	audio, keys := left.top(17)
	quality, notes := right.top(17)
	inside := audio.frame("audio", line, title)
	t.drawMeters(inside.at(0, 1, inside.w, inside.h-1), c)
	t.drawSpeech(inside.at(0, 8, inside.w, inside.h-8), c)
	explained := keys.frame("controls", line, title)
	t.drawControls(explained.at(0, 1, explained.w, explained.h-1), c)
	word, _ := qualityWord(t.gauges(c.ID).quality)
	t.drawQuality(quality.frame("quality  "+word, line, title), c)
	happened := notes.frame("notes and events", line, title)
	y := 1
	if c.Note != "" {
		y = happened.wrap(2, y, text, "note: "+phone.CleanLine(c.Note, 200)) + 1
	}
	t.drawMoments(happened, y, 2, c)
}

// drawSpeech shows who spoke when.
func (t *talk) drawSpeech(a area, c phone.Call) {
	g := t.gauges(c.ID)
	width := min(a.w-15, historyLength)
	full := meterTop - meterFloor
	a.put(2, 0, title, fmt.Sprintf("last %d s", width))
	a.fit(2, 2, 10, text, "you")
	a.spark(13, 2, width, level, &g.mic, full)
	a.fit(2, 4, 10, text, t.who(c.Party))
	a.spark(13, 4, width, level, &g.peer, full)
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
	a.fit(2, 8, a.w-3, subtle, "codec  "+phone.CleanLine(q.Codec, 40))
	a.fit(2, 9, a.w-3, subtle, "path   "+phone.CleanLine(q.Path, 40))
	a.fit(2, 10, a.w-3, subtle, "sound  "+t.encryption(c, q))
	a.put(2, 12, brand, t.keys.key(Diagnostics))
	a.put(5, 12, subtle, "all details")
}

// drawKeypad lies over the right of the page.
func (t *talk) drawKeypad(a area) {
	rows := []string{"1        2 ABC    3 DEF", "4 GHI    5 JKL    6 MNO", "7 PQRS   8 TUV    9 WXYZ", "*        0 +      #"}
	w, h := min(34, a.w), min(12, a.h)
	box := a.at(a.w-w, a.h-h, w, h).frame("keypad", ring, title)
	gap := 1
	if box.h >= 10 {
		gap = 2
	}
	for i, row := range rows {
		box.put(4, i*gap+gap-1, strong, row)
	}
	y := box.h - 2
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
		box.centre(y+5, subtle, phone.CleanLine(c.Detail, box.w-4))
	}
	if c.Recording != "" {
		box.centre(y+6, subtle, "recorded to "+phone.CleanLine(c.Recording, box.w-16))
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
