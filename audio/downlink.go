package audio

import (
	"fmt"
	"sync"
)

// downlink carries the stream to the speaker:
//
//	Stream ─ jitter buffer ─ decode ─ resample ─ hold ─ tones ─ volume ─ meter ─ speaker
type downlink struct {
	source received
	hold   *hold
	tones  *Mixer
	volume *Gain
	meter  *Meter
	queue  queue
}

func newDownlink(c SessionConfig) (*downlink, error) {
	codec := c.Stream.Codec()
	r, err := NewResampler(codec.Rate, DeviceRate)
	if err != nil {
		return nil, err
	}
	d := &downlink{source: received{jitter: NewJitter(codec, c.Decoder), resample: r, rate: codec.Rate}}
	d.hold = &hold{source: &d.source}
	d.tones = &Mixer{Source: d.hold}
	d.volume = &Gain{Source: d.tones}
	d.meter = &Meter{Source: d.volume}
	return d, nil
}

// receive takes packets until the stream ends.
func (d *downlink) receive(s Stream) error {
	p := Packet{Payload: make([]byte, 0, MaxPayload)}
	for {
		if err := s.ReadPacket(&p); err != nil {
			return err
		}
		d.source.push(&p)
	}
}

// play fills far with the next Period and says whether it is to be written;
// it is not, and silent, when the speaker has too much already.
func (d *downlink) play(device Device, far []int16) bool {
	if d.queue.full(device.Queued()) {
		clear(far)
		return false
	}
	n, _ := d.meter.Read(far)
	clear(far[n:])
	return true
}

func (d *downlink) String() string { return fmt.Sprintf("stream → %v → speaker", d.meter) }

// received is the beginning of the downlink: the jitter buffer, shared by the
// goroutine that receives and the audio loop.
type received struct {
	rate     SampleRate
	resample *Resampler

	mu     sync.Mutex
	jitter *Jitter
}

func (r *received) push(p *Packet) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.jitter.Push(p)
}

func (r *received) Read(frame []int16) (int, error) {
	var low [periodLen]int16
	n := len(frame) * int(r.rate) / int(DeviceRate)
	r.mu.Lock()
	r.jitter.Pull(low[:n])
	r.mu.Unlock()
	return r.resample.Convert(frame, low[:n]), nil
}

func (r *received) stats() JitterStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.jitter.Stats()
}

func (r *received) String() string { return fmt.Sprintf("jitter buffer → decode %d Hz", r.rate) }

// queue watches how much the speaker has in hand. Microphone and speaker may
// run on different clocks; when the speaker's is the slower one, sound piles
// up before it. Then one Period is neither taken nor written: the jitter
// buffer holds it for that long, and catches up without a click.
type queue struct {
	least, periods int
}

const (
	queueWatch = 200 // periods; a pile that lasts two seconds is one
	queueMost  = 3 * periodLen
)

// full notes what waits before a Period is added and says whether to leave it.
func (q *queue) full(waiting int) bool {
	if q.periods == 0 || waiting < q.least {
		q.least = waiting
	}
	if q.periods++; q.periods < queueWatch {
		return false
	}
	q.periods = 0
	return q.least >= queueMost
}
