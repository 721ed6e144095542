package ui

import "strings"

// QRText draws a code for a plain terminal, two modules a character cell, with
// both colours painted: a reader cannot tell a light theme from an inverted code.
func QRText(text string) (string, error) {
	p, err := newQR(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	w, h := p.size(qrHalf)
	for y := range h {
		out.WriteString("\x1b[30;107m")
		for x := range w {
			out.WriteString(p.half(x, y, false))
		}
		out.WriteString("\x1b[0m\n")
	}
	return out.String(), nil
}
