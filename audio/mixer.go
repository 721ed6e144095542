package audio

import (
	"fmt"
	"sync"
)

// maxMixed bounds how many sources are heard at once.
const maxMixed = 8

// Mixer adds sources to its first one. Sums are clipped, not wrapped. A source
// that ends is let go. Add and Clear may be called while another goroutine
// reads.
type Mixer struct {
	Source Reader

	mu     sync.Mutex
	added  [maxMixed]Reader
	n      int
	buffer []int16
}

// Add mixes r in until it ends. With maxMixed sources the oldest makes way.
func (m *Mixer) Add(r Reader) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n == maxMixed {
		m.remove(0)
	}
	m.added[m.n] = r
	m.n++
}

// Clear lets all added sources go.
func (m *Mixer) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.added[:])
	m.n = 0
}

// Read fills frame with the sum.
func (m *Mixer) Read(frame []int16) (int, error) {
	n, err := m.Source.Read(frame)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n == 0 {
		return n, err
	}
	clear(frame[n:])
	if len(m.buffer) < len(frame) {
		m.buffer = make([]int16, len(frame))
	}
	for i := 0; i < m.n; {
		k, ended := m.added[i].Read(m.buffer[:len(frame)])
		add(frame, m.buffer[:k])
		if ended != nil {
			m.remove(i)
			continue
		}
		i++
	}
	return len(frame), nil
}

func (m *Mixer) remove(i int) {
	copy(m.added[i:], m.added[i+1:m.n])
	m.n--
	m.added[m.n] = nil
}

// add adds src to dst, clipped.
func add(dst, src []int16) {
	for i, v := range src {
		dst[i] = int16(max(-32768, min(int(dst[i])+int(v), 32767)))
	}
}

func (m *Mixer) String() string { return fmt.Sprint(m.Source, " → mix") }
