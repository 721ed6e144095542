package speex

import (
	"math"
	"slices"
)

const (
	// block is how many frames, with the far end audible in them, make one
	// measurement: half a second.
	block = 50
	// blocks is how many measurements the median is taken of.
	blocks = 9
	// nearVoice is how much louder than the weakest echo of late, for as loud a
	// far end, a block may be before it must hold a near voice, too: 5 dB.
	nearVoice = 3
	// forget lets the weakest echo rise by 1 dB in 8 s of echo, for when
	// somebody turns the loudspeaker up.
	forget = 1.015
)

// meter measures how much of the echo is taken away.
type meter struct {
	frames       int
	far, in, out float64 // mean squares, summed over the block under way
	played       float64 // of the far end's frame under way
	heard        float64 // of the microphone's frame under way, before
	weakest      float64 // in/far
	reduced      [blocks]float64
	n            int
}

// before sees a frame that is about to be processed.
func (m *meter) before(near, far []int16) { m.heard, m.played = meanSquare(near), meanSquare(far) }

// after sees the same frame processed.
func (m *meter) after(near []int16) {
	if m.played < audible || m.heard < audible {
		return
	}
	m.far += m.played
	m.in += m.heard
	m.out += meanSquare(near)
	if m.frames++; m.frames == block {
		m.close()
		m.frames, m.far, m.in, m.out = 0, 0, 0, 0
	}
}

// close takes a block's reduction down, unless somebody spoke here as well.
func (m *meter) close() {
	echo := m.in / m.far
	if m.weakest == 0 {
		m.weakest = echo
	}
	m.weakest = min(m.weakest*forget, echo)
	if echo > m.weakest*nearVoice {
		return
	}
	m.reduced[m.n%blocks] = 10 * math.Log10(m.in/max(m.out, 1e-10))
	m.n++
}

// reduction is the median in dB, or 0 before there is one.
func (m *meter) reduction() float64 {
	recent := m.reduced
	n := min(m.n, blocks)
	if n == 0 {
		return 0
	}
	slices.Sort(recent[:n])
	return max(0, recent[n/2])
}

// meanSquare is 0..1.
func meanSquare(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return sum / float64(len(pcm)) / (32768 * 32768)
}
