package ui

import "rsc.io/qr"

// qrBorder is the light border around a code, in modules. Four is the standard's
// (ISO/IEC 18004); cameras and ZXing read one, and none at all is never read.
const qrBorder = 1

// qrStyle is how many modules one cell shows.
type qrStyle int

const (
	qrAuto    qrStyle = iota // the largest that fits
	qrHalf                   // one by two modules a cell
	qrSextant                // two by three modules a cell
)

// qrPicture is a code with its border, as modules.
type qrPicture struct {
	code *qr.Code
	side int // with border
}

// newQR encodes text at level L: a screen is not scratched, and fewer modules
// are easier to read.
func newQR(text string) (qrPicture, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return qrPicture{}, err
	}
	return qrPicture{code, code.Size + 2*qrBorder}, nil
}

// dark reports whether the module at x, y, counted with the border, is dark.
func (p qrPicture) dark(x, y int) bool {
	return p.code.Black(x-qrBorder, y-qrBorder)
}

// size is how many cells the picture needs in a style.
func (p qrPicture) size(s qrStyle) (w, h int) {
	if s == qrSextant {
		return (p.side + 1) / 2, (p.side + 2) / 3
	}
	return p.side, (p.side + 1) / 2
}

// fitting is the wanted style if it fits into w by h cells, else one that does;
// ok is false when none does.
func (p qrPicture) fitting(want qrStyle, w, h int) (s qrStyle, ok bool) {
	for _, s := range []qrStyle{want, qrHalf, qrSextant} {
		if pw, ph := p.size(s); s != qrAuto && pw <= w && ph <= h {
			return s, true
		}
	}
	return qrHalf, false
}

// draw paints the code with explicit colours: light modules must be lighter
// than dark ones whatever the terminal's theme is. inverted swaps them, for
// terminals without colours whose background is dark.
func (p qrPicture) draw(a area, s qrStyle, inverted bool) {
	w, h := p.size(s)
	for y := range h {
		for x := range w {
			if s == qrSextant {
				a.put(x, y, qrDark, p.sextant(x, y, inverted))
			} else {
				a.put(x, y, qrDark, p.half(x, y, inverted))
			}
		}
	}
}

// half is the character for one by two modules; its ink is the dark ones.
func (p qrPicture) half(x, y int, inverted bool) string {
	top, low := p.dark(x, 2*y) != inverted, p.ink(x, 2*y+1, inverted)
	switch {
	case top && low:
		return "█"
	case top:
		return "▀"
	case low:
		return "▄"
	}
	return " "
}

// sextant is the character for two by three modules (Unicode 13, U+1FB00 …):
// the six bits count through the block, leaving out the four patterns that
// older blocks already have.
func (p qrPicture) sextant(x, y int, inverted bool) string {
	bits := 0
	for i := range 6 {
		if p.ink(2*x+i%2, 3*y+i/2, inverted) {
			bits |= 1 << i
		}
	}
	const leftHalf, rightHalf = 0b010101, 0b101010
	switch {
	case bits == 0:
		return " "
	case bits == leftHalf:
		return "▌"
	case bits == rightHalf:
		return "▐"
	case bits == 0b111111:
		return "█"
	case bits > rightHalf:
		bits--
		fallthrough
	case bits > leftHalf:
		bits--
	}
	return string(rune(0x1fb00 + bits - 1))
}

// ink reports whether a module is drawn in the foreground; outside the picture
// the border goes on.
func (p qrPicture) ink(x, y int, inverted bool) bool {
	return p.dark(x, y) != inverted
}
