package audio

// playout is decoded sound that waits to be handed out, with a little of what
// has been, so that sound can be repeated as well as left out.
type playout struct {
	buf     []int16
	r, w    int // buf[r:w] waits; buf[:r] has been handed out
	history int // samples before r that are kept
}

func newPlayout(history, capacity int) playout {
	return playout{buf: make([]int16, history+capacity), r: history, w: history, history: history}
}

func (q *playout) waiting() int { return q.w - q.r }

// space is where the next n samples go; grow takes them in.
func (q *playout) space(n int) []int16 {
	if q.w+n > len(q.buf) {
		from := q.r - q.history
		copy(q.buf, q.buf[from:q.w])
		q.r, q.w = q.history, q.w-from
	}
	n = min(n, len(q.buf)-q.w)
	return q.buf[q.w : q.w+n]
}

func (q *playout) grow(n int) { q.w += n }

func (q *playout) read(pcm []int16) int {
	n := copy(pcm, q.buf[q.r:q.w])
	q.r += n
	return n
}
