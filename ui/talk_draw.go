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
	names := min(max(cells(t.who(c.Party)), 10), a.w/5)
	width := max(a.w-25-names, 10)
	t.drawMeter(a, 0, names, width, "you", g.levels.Mic, g.levels.MicPeak, fmt.Sprintf("gain %d%%", int(t.gain*100+0.5)))
	t.drawMeter(a, 1, names, width, t.who(c.Party), g.levels.Peer, g.levels.PeerPeak, fmt.Sprintf("vol %d%%", int(t.volume*100+0.5)))
	word, look := t.micWord(c)
	x := a.badge(2, 3, look, word) + 3
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
	} else if g.levels.Advice != "" && !g.levels.Clipping {
		a.fit(x, 3, a.w-x, fair, g.levels.Advice)
	}
	a.fit(2, 4, a.w-3, subtle, t.soundLine())
}

func (t *talk) drawMeter(a area, y, names, width int, name string, dB, peak float64, setting string) {
	x := a.fit(2, y, names, text, name) + 1
	x = a.meter(x, y, width, dB, peak) + 2
	a.put(x, y, subtle, fmt.Sprintf("%7s", decibels(dB)))
	a.put(x+9, y, subtle, setting)
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
