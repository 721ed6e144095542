package ui

import "strings"

// QRText is a text's QR code in half-blocks for a terminal without a screen of
// ours, with both colours painted: a camera cannot tell a light theme from an
// inverted code. It fails when the text is too long for a code.
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
