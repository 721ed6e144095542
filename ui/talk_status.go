package ui

import (
	"cmp"

	"tring/phone"
)

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
	if a.w >= wideW { // the quality has a box of its own there
		a.right(0, subtle, t.clockThere(c.Party.Number)+" ")
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
		if i < bars(q) {
			a.put(end+i, 0, look, sparks[2*i+1])
		} else {
			a.put(end+i, 0, track, sparks[0])
		}
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

// encryption says where the sound is decrypted: as measured, else as the call or
// its line has it.
func (d *desk) encryption(c phone.Call, q phone.Quality) string {
	return mediaWords(cmp.Or(q.Encrypted, c.MediaEnd, d.line(c.Line).MediaEnd))
}
