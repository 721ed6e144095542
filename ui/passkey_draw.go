package ui

import (
	"fmt"
	"strings"

	"tring/phone"
)

// drawPasskey leads through the browser.
func (l *linking) drawPasskey(a area, step phone.PairingStep) {
	y := 0
	if a.h >= 14 {
		inside := a.at(0, 0, a.w-2, a.h)
		y = inside.wrap(2, 0, strong, "The phone accepted the code. WhatsApp now wants your passkey.") + 1
		y = inside.wrap(2, y, subtle, "It belongs to web.whatsapp.com, so a browser must approve it. Nothing you do here gives this program your passkey.") + 1
	} else {
		a.fit(2, y, a.w-4, strong, "WhatsApp wants your passkey.")
		y++
	}
	for i, words := range l.passkeySteps(a.w) {
		a.put(3, y+i, brand, fmt.Sprint(i+1))
		a.fit(6, y+i, a.w-8, text, words)
	}
	y += 4
	box := a.at(2, y, a.w-4, 1)
	if a.h-y >= 4 {
		box = a.at(2, y, a.w-4, 3).frame("", ring, title)
		y += 2
	}
	l.drawAnswer(box)
	a.fit(2, y+1, a.w-4, text, l.keys.key(Send)+" sends it.   "+l.expiry(step))
}

// passkeySteps are the four steps, in fewer words on a narrow terminal.
func (l *linking) passkeySteps(w int) []string {
	if w < stripW {
		return []string{l.keys.key(CopyScript) + "  copies a short script", "open web.whatsapp.com", "paste it in the browser's console", "paste the answer here:"}
	}
	return []string{
		l.keys.key(CopyScript) + "  copies a short script", l.openWords(),
		"paste it in that page's console and approve the prompt", "paste the line that the browser prints here:",
	}
}

// drawAnswer shows the passkey's answer as it is pasted; it is longer than a row.
func (l *linking) drawAnswer(a area) {
	if n := len(l.passkey.value()); n > a.w-4 {
		a.fit(1, 0, a.w-2, strong, fmt.Sprintf("%s…  (%d characters%s)", phone.CleanLine(l.passkey.value(), 20), n, completeWord(l.passkey.value())))
		return
	}
	l.passkey.draw(a, 1, 0, a.w-2)
}

func (l *linking) openWords() string {
	if l.cfg.Browse == nil {
		return "open https://web.whatsapp.com in a browser"
	}
	return l.keys.key(OpenBrowser) + "  opens https://web.whatsapp.com"
}

// completeWord says whether a pasted answer looks whole.
func completeWord(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		return ", looks complete"
	}
	return ", not complete"
}
