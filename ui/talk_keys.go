package ui

import "tring/phone"

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
	{[]Action{Back}, "to the lists"},
}

// drawControls explains the keys in columns and returns the row after them.
func (t *talk) drawControls(a area, c phone.Call) int {
	columns := max(min(a.w/24, 3), 1)
	width := (a.w - 3) / columns
	entries := controls
	if c.Muted || t.talking {
		entries = append([]control{{[]Action{Talk}, t.talkWords()}}, entries...)
	}
	if other, ok := t.aside(); ok {
		entries = append([]control{{[]Action{Swap}, "swap: " + t.who(other.Party)}}, entries...)
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
		return "resume"
	case entry.acts[0] == Record && c.OnRecord:
		return "stop recording"
	}
	return entry.words
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
