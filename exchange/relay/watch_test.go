package relay

import "testing"

func chunk(kind, flags byte, ppidAt int, ppid byte) []byte {
	c := make([]byte, ppidAt+8)
	c[0], c[1], c[3], c[ppidAt+3] = kind, flags, byte(len(c)), ppid
	return c
}

func TestOnlyOrderedSoundIsCountedAsOrdered(t *testing.T) {
	header := make([]byte, 12)
	for _, c := range []struct {
		name   string
		chunks [][]byte
		want   int
	}{
		{"unordered data", [][]byte{chunk(0, 7, 12, 53)}, 0},
		{"ordered data", [][]byte{chunk(0, 3, 12, 53)}, 1},
		{"ordered interleaved data", [][]byte{chunk(64, 3, 16, 53)}, 1},
		{"channel opening", [][]byte{chunk(0, 3, 12, 50)}, 0},
		{"acknowledgement, then ordered data twice", [][]byte{{3, 0, 0, 4}, chunk(0, 3, 12, 53), chunk(0, 3, 12, 53)}, 2},
		{"cut", [][]byte{chunk(0, 3, 12, 53)[:14]}, 0},
		{"a chunk without length", [][]byte{{0, 0, 0, 0}, {0, 0, 0, 0}}, 0},
	} {
		packet := header
		for _, b := range c.chunks {
			packet = append(packet[:len(packet):len(packet)], b...)
		}
		if got := orderedChunks(packet); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
