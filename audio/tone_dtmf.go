package audio

import (
	"fmt"
	"math"
	"time"
)

// A key sends one low and one high frequency (ITU-T Q.23).
var (
	dtmfLow  = [4]float64{697, 770, 852, 941}
	dtmfHigh = [4]float64{1209, 1336, 1477, 1633}
	dtmfKeys = [4][4]byte{
		{'1', '2', '3', 'A'},
		{'4', '5', '6', 'B'},
		{'7', '8', '9', 'C'},
		{'*', '0', '#', 'D'},
	}
)

// Sent tones and the pauses between them last this long; a receiver must accept
// 40 ms each (ITU-T Q.24).
const (
	digitTime  = 120 * time.Millisecond
	digitPause = 80 * time.Millisecond
	maxDigits  = 64
)

// Digits is the score that keys sound as. A comma is a pause of a second. An
// unknown key is an error.
func Digits(keys string) (Cadence, error) {
	if len(keys) > maxDigits {
		return Cadence{}, fmt.Errorf("%d keys at once are too many: send at most %d", len(keys), maxDigits)
	}
	var c Cadence
	for _, key := range keys {
		if key == ',' {
			c.Notes = append(c.Notes, Note{For: time.Second})
			continue
		}
		hz, ok := dtmfPair(key)
		if !ok {
			return Cadence{}, fmt.Errorf("%q is not a key: a keypad has 0-9 * # A-D", key)
		}
		c.Notes = append(c.Notes, Note{Hz: hz, For: digitTime}, Note{For: digitPause})
	}
	return c, nil
}

func dtmfPair(key rune) ([2]float64, bool) {
	for row := range dtmfKeys {
		for column, k := range dtmfKeys[row] {
			if rune(k) == key || rune(k) == key-'a'+'A' {
				return [2]float64{dtmfLow[row], dtmfHigh[column]}, true
			}
		}
	}
	return [2]float64{}, false
}

// dtmfBlock is how much sound one decision takes: 12.75 ms keeps 40 ms tones
// three blocks long and tells 1 209 from 1 336 Hz.
const dtmfBlock = 612

// What a block must satisfy to hold a key (ITU-T Q.24).
const (
	dtmfFloor   = 1e-5 // -50 dBFS: quieter is no key
	dtmfTwist   = 6.3  // 8 dB: how much stronger the high frequency may be
	dtmfReverse = 4.0  // 6 dB: how much stronger the low one may be
	dtmfLead    = 6.3  // 8 dB above the other three of its group
	dtmfShare   = 0.6  // of the block's whole energy: speech spreads wider
)

// DTMF hears keys in a voice, by Goertzel's algorithm. Feed it everything.
type DTMF struct {
	bank   [8]goertzel
	energy float64
	n      int
	last   byte // what the block before held, 0: no key
	down   byte // the key that is down and was told
}

// NewDTMF listens at DeviceRate.
func NewDTMF() *DTMF {
	d := &DTMF{}
	for i := range 4 {
		d.bank[i] = newGoertzel(dtmfLow[i])
		d.bank[4+i] = newGoertzel(dtmfHigh[i])
	}
	return d
}

// Feed listens to frame and calls heard for each key that is pressed in it. It
// allocates nothing.
func (d *DTMF) Feed(frame []int16, heard func(key byte)) {
	for _, s := range frame {
		x := float64(s) / 32768
		d.energy += x * x
		for i := range d.bank {
			d.bank[i].step(x)
		}
		if d.n++; d.n == dtmfBlock {
			if key := d.block(); key != 0 {
				heard(key)
			}
		}
	}
}

// block closes a block and says which key was pressed anew: one that two blocks
// agree on, after two that agree on something else.
func (d *DTMF) block() byte {
	key := d.decide()
	for i := range d.bank {
		d.bank[i].s1, d.bank[i].s2 = 0, 0
	}
	d.energy, d.n = 0, 0
	agreed := key == d.last
	d.last = key
	if !agreed || key == d.down {
		return 0
	}
	d.down = key
	return key
}

func (d *DTMF) decide() byte {
	var low, high [4]float64
	for i := range 4 {
		low[i], high[i] = d.bank[i].power(), d.bank[4+i].power()
	}
	row, rowPower, rowClear := strongest(low)
	column, columnPower, columnClear := strongest(high)
	total := d.energy / dtmfBlock
	switch {
	case !rowClear || !columnClear,
		rowPower+columnPower < dtmfFloor,
		columnPower > rowPower*dtmfTwist,
		rowPower > columnPower*dtmfReverse,
		rowPower+columnPower < dtmfShare*total:
		return 0
	}
	return dtmfKeys[row][column]
}

// strongest finds the greatest of four powers, and whether it leads clearly.
func strongest(power [4]float64) (best int, value float64, leads bool) {
	for i, p := range power {
		if p > power[best] {
			best = i
		}
	}
	for i, p := range power {
		if i != best && p*dtmfLead > power[best] {
			return best, power[best], false
		}
	}
	return best, power[best], true
}

// goertzel measures one frequency.
type goertzel struct{ c, s1, s2 float64 }

func newGoertzel(hz float64) goertzel {
	return goertzel{c: 2 * math.Cos(2*math.Pi*hz/float64(DeviceRate))}
}

func (g *goertzel) step(x float64) { g.s1, g.s2 = x+g.c*g.s1-g.s2, g.s1 }

// power is that of a sine of this frequency, over a block.
func (g *goertzel) power() float64 {
	return 2 * (g.s1*g.s1 + g.s2*g.s2 - g.c*g.s1*g.s2) / (dtmfBlock * dtmfBlock)
}
