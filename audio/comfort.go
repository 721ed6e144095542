package audio

import "math"

// comfort makes noise like the background of the other side, so that the line
// does not seem dead, and knows what silence is on this line.
type comfort struct {
	floor float64 // RMS of the background
	seed  uint32
	low   float64 // state of the low-pass
}

const (
	firstFloor = 8.0   // RMS taken for the background before any was heard
	maxFloor   = 200.0 // about −44 dBFS: nobody wants louder comfort
	floorRise  = 1.004 // per block of 10 ms: 3.5 dB a second
)

// listen follows the background: down at once, up slowly.
func (c *comfort) listen(block []int16) {
	level := rms(block)
	if c.floor == 0 {
		c.floor = firstFloor
	}
	if level < c.floor {
		c.floor = max(level, 1)
	} else {
		c.floor = min(c.floor*floorRise, maxFloor)
	}
}

// quiet says whether block is no more than background: changes to it will not
// be heard.
func (c *comfort) quiet(block []int16) bool {
	return rms(block) < max(2*c.floor, 24) // 24 is −63 dBFS
}

// next is one sample of noise, low-passed as rooms are.
func (c *comfort) next() float64 {
	c.seed = c.seed*1664525 + 1013904223 // Numerical Recipes
	white := float64(int32(c.seed)) / (1 << 31)
	c.low += 0.3 * (white - c.low)
	// White noise in ±1 has an RMS of 0.577; this low-pass leaves 0.42 of it.
	return c.low * c.floor / (0.577 * 0.42)
}

func rms(block []int16) float64 {
	if len(block) == 0 {
		return 0
	}
	var sum int64
	for _, v := range block {
		sum += int64(v) * int64(v)
	}
	return math.Sqrt(float64(sum) / float64(len(block)))
}
