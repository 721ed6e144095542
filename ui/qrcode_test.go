package ui

import (
	"strings"
	"testing"
)

// modulesOf reads drawn characters back into modules, cw by ch of them a cell.
func modulesOf(screen string, cw, ch int) [][]bool {
	var rows [][]bool
	for y, row := range strings.Split(screen, "|") {
		for range ch {
			rows = append(rows, nil)
		}
		for _, r := range row {
			for i := range ch {
				for j := range cw {
					rows[y*ch+i] = append(rows[y*ch+i], inked(r, j, i, cw))
				}
			}
		}
	}
	return rows
}

// inked reports whether a block character has ink in column j, row i.
func inked(r rune, j, i, cw int) bool {
	if cw == 1 {
		return map[rune][2]bool{'█': {true, true}, '▀': {true, false}, '▄': {false, true}, ' ': {}}[r][i]
	}
	bits := map[rune]int{' ': 0, '█': 63, '▌': 0b010101, '▐': 0b101010}
	pattern, ok := bits[r]
	if !ok {
		pattern = int(r-0x1fb00) + 1
		if pattern >= 0b010101 {
			pattern++
		}
		if pattern >= 0b101010 {
			pattern++
		}
	}
	return pattern>>(2*i+j)&1 == 1
}

func TestEveryModuleIsDrawn(t *testing.T) {
	p, err := newQR(linkText)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		style  qrStyle
		cw, ch int
	}{{"half-blocks", qrHalf, 1, 2}, {"sextants", qrSextant, 2, 3}} {
		for _, inverted := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				w, h := p.size(tt.style)
				rows := modulesOf(drawn(w, h, func(a area) { p.draw(a, tt.style, inverted) }), tt.cw, tt.ch)
				for y := range p.side {
					for x := range p.side {
						if rows[y][x] != (p.dark(x, y) != inverted) {
							t.Fatalf("module %d,%d is wrong (inverted %v)", x, y, inverted)
						}
					}
				}
			})
		}
	}
}

func TestTheCodeHasABorderAndItsOwnColours(t *testing.T) {
	p, err := newQR(linkText)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.side {
		if p.dark(i, 0) || p.dark(0, i) || p.dark(i, p.side-1) || p.dark(p.side-1, i) {
			t.Fatal("the border is not light")
		}
	}
	for _, name := range []string{"dark", "light"} {
		if on := newTheme(name).on[qrDark]; !strings.Contains(on, "38;2;0;0;0") || !strings.Contains(on, "48;2;255;255;255") {
			t.Errorf("%s draws the code as %q", name, on)
		}
	}
}

func TestTheLargestCodeThatFitsIsTaken(t *testing.T) {
	p, err := newQR(linkText)
	if err != nil {
		t.Fatal(err)
	}
	halfW, halfH := p.size(qrHalf)
	sextW, sextH := p.size(qrSextant)
	for _, tt := range []struct {
		want, got qrStyle
		w, h      int
		fits      bool
	}{
		{qrAuto, qrHalf, halfW, halfH, true},
		{qrAuto, qrSextant, halfW - 1, halfH, true},
		{qrAuto, qrSextant, sextW, sextH, true},
		{qrAuto, qrHalf, sextW - 1, sextH, false},
		{qrSextant, qrSextant, 200, 200, true},
		{qrHalf, qrSextant, sextW, sextH, true},
	} {
		if got, fits := p.fitting(tt.want, tt.w, tt.h); got != tt.got || fits != tt.fits {
			t.Errorf("%v in %dx%d: %v %v, want %v %v", tt.want, tt.w, tt.h, got, fits, tt.got, tt.fits)
		}
	}
}

func TestQRTextPaintsBothColours(t *testing.T) {
	got, err := QRText("2@abc")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !strings.HasPrefix(row, "\x1b[30;107m") || !strings.HasSuffix(row, "\x1b[0m") {
			t.Fatalf("%q", row)
		}
	}
	if _, err := QRText(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that fits into no code was drawn")
	}
}
