package ui

import (
	"fmt"
	"strings"

	"tring/phone"
)

// Draw draws the step.
func (l *linking) Draw(a area) {
	switch step := l.step(); step.Kind {
	case phone.PairingScan:
		l.drawScan(a, step)
	case phone.PairingCode:
		l.drawCode(a, step)
	case phone.PairingPasskey:
		l.drawPasskey(a, step)
	case phone.PairingConfirm:
		l.drawConfirm(a, step)
	case phone.PairingFailed:
		l.drawFailed(a, step)
	default:
		l.drawWait(a, step)
	}
}

// drawScan puts the code at the left and the words beside it.
func (l *linking) drawScan(a area, step phone.PairingStep) {
	if l.picture.code == nil {
		return
	}
	style, fits := l.picture.fitting(l.style, a.w-1, a.h)
	if l.cfg.ASCII {
		a.wrap(2, 1, fair, "This terminal shows plain characters only. Press "+l.keys.key(LinkByCode)+" for an 8-character code.")
		return
	}
	if !fits {
		w, h := l.picture.size(qrSextant)
		a.wrap(2, 1, fair, fmt.Sprintf("This window is too small for the QR code: make it %d by %d or larger, or press %s for an 8-character code.",
			w+1, h+2, l.keys.key(LinkByCode)))
		return
	}
	w, h := l.picture.size(style)
	beside := a.w-w-6 >= 36
	left, right := a.at(1, 0, w+1, a.h), a.at(w+6, 0, a.w-w-6, a.h)
	if !beside {
		left = a.at((a.w-w)/2, 0, w, a.h)
	}
	code := left.at(0, max((a.h-h)/2, 0), w, h)
	l.picture.draw(code, style, l.inverted != (l.colourless() && l.dark))
	if beside {
		l.drawWords(right.at(0, max((a.h-22)/2, 0), right.w, a.h), step)
	}
}

// drawWords says what to do with the code and how long it lives.
func (l *linking) drawWords(a area, step phone.PairingStep) {
	a.put(0, 0, strong, "Link this computer to WhatsApp")
	y := 2
	for i, words := range []string{"Open WhatsApp on your phone", "Settings > Linked devices", "Tap Link a device, scan this code"} {
		a.put(0, y, brand, fmt.Sprint(i+1))
		a.put(3, y, text, words)
		y++
	}
	y = l.drawCountdown(a, y+1, step) + 1
	if l.cfg.Scan != nil {
		a.put(0, y, brand, l.keys.key(Scan))
		a.put(3, y, strong, "scan it with the built-in handset")
		y += 2
	}
	a.put(0, y, title, "Cannot scan it, or does it look broken?")
	for _, act := range []Action{LinkByCode, QRSize, QRPicture, QRInvert, QRCopy} {
		if act == QRPicture && l.cfg.ShowPicture == nil {
			continue
		}
		y++
		a.put(0, y, brand, l.keys.key(act))
		a.put(3, y, text, actions[act].help)
		a.press(0, y, a.w, act, -1)
	}
	y = a.wrap(0, y+2, subtle, "Some accounts also ask for a passkey; the next step explains it.")
	if !l.cfg.Demo {
		a.wrap(0, y+1, subtle, "Unofficial client: WhatsApp may restrict an account that uses it.")
	}
}

// drawCountdown says which code this is and when it and the attempt end.
func (l *linking) drawCountdown(a area, y int, step phone.PairingStep) int {
	words := ""
	if step.Count > 0 {
		words = fmt.Sprintf("Code %d of %d   ", step.Index, step.Count)
	}
	if !step.Expires.IsZero() {
		words += "new code in " + left(l.now, step.Expires)
		a.gauge(0, y+1, min(28, a.w), subtle, float64(step.Expires.Sub(l.now))/float64(max(l.count, 1)))
	}
	a.put(0, y, text, words)
	if !step.SessionEnd.IsZero() {
		a.put(0, y+2, subtle, "this attempt closes in "+left(l.now, step.SessionEnd))
	}
	return y + 3
}

// drawCode shows the eight characters, large enough to be read out.
func (l *linking) drawCode(a area, step phone.PairingStep) {
	box := a.middle(min(60, a.w), min(12, a.h))
	code := strings.ReplaceAll(phone.CleanLine(step.Text, 16), "-", "")
	spaced := strings.Join(strings.Split(code, ""), " ")
	if len(code) == 8 {
		spaced = spaced[:8] + "  –  " + spaced[8:]
	}
	head, y := 2, 0
	if box.h < 10 {
		head = 1
	}
	box.centre(0, strong, "Type this code on your phone")
	frame := box.at((box.w-cells(spaced)-8)/2, head, cells(spaced)+8, 3).frame("", ring, title)
	frame.centre(0, strong, spaced)
	for y = range 2 {
		box.centre(3+head+y, text, []string{"WhatsApp > Settings > Linked devices >", "Link with phone number instead"}[y])
	}
	box.centre(min(box.h-1, 7+head), subtle, l.expiry(step))
}

func (l *linking) expiry(step phone.PairingStep) string {
	switch {
	case !step.Expires.IsZero():
		return "valid for " + left(l.now, step.Expires)
	case !step.SessionEnd.IsZero():
		return "this attempt closes in " + left(l.now, step.SessionEnd)
	}
	return ""
}

func (l *linking) drawConfirm(a area, step phone.PairingStep) {
	box := a.middle(min(60, a.w), min(9, a.h)).frame("", ring, title)
	box.centre(1, text, "Does your phone show the same code?")
	box.centre(3, strong, phone.CleanLine(step.Text, 40))
	box.centre(4, text, l.keys.key(Yes)+"  the same")
	box.centre(5, text, l.keys.key(No)+"  different: stop and unlink")
}

func (l *linking) drawFailed(a area, step phone.PairingStep) {
	box := a.middle(min(64, a.w), min(9, a.h)).frame("not linked", bad, bad)
	why := failure(step.Err)
	y := box.at(0, 0, box.w-2, box.h).wrap(2, 1, text, phone.CleanLine(why, 400))
	x := box.put(2, y+1, brand, l.keys.key(Restart)) + 1
	box.put(x, y+1, text, "starts again")
	box.press(2, y+1, 20, Restart, -1)
}

func (l *linking) drawWait(a area, step phone.PairingStep) {
	a.centre(a.h/2-1, strong, phone.CleanLine(step.Text, 60)+" …")
	if !step.SessionEnd.IsZero() {
		a.centre(a.h/2+1, subtle, l.expiry(step))
	}
}
