//go:build !linux || gocallbacks

package portaudio

import (
	"os"
	"sync/atomic"
	"time"

	pa "github.com/gordonklaus/portaudio"
)

// half is one running one-way stream whose callbacks are written in Go: the
// portable way, at almost twice the processor time of the callbacks in C. The
// build tag gocallbacks takes it on Linux, too.
type half struct {
	stream     *pa.Stream
	ring       ring
	head, tail atomic.Uint32
	want       atomic.Uint32
	called     atomic.Uint32
	missed     atomic.Uint32
	at         atomic.Int64 // speaker: when the last callback was, since epoch
	flowing    bool
	wake       chan struct{}
	closing    chan struct{}
	timer      *time.Timer // of the reader's wait
	channels   int
	mono       []int16
}

// ringSize is in samples, a power of two: 341 ms at 48 kHz.
const ringSize = 16384

// newHalf is a half without a stream.
func newHalf(channels int) (*half, error) {
	h := &half{
		wake:     make(chan struct{}, 1),
		closing:  make(chan struct{}),
		timer:    time.NewTimer(0),
		channels: channels,
		mono:     make([]int16, ringSize),
	}
	h.ring = ring{head: &h.head, tail: &h.tail, samples: make([]int16, ringSize)}
	return h, nil
}

// openHalf opens and starts a stream in one direction.
func openHalf(input bool, device *pa.DeviceInfo, f format) (*half, error) {
	h, err := newHalf(f.channels)
	if err != nil {
		return nil, err
	}
	end := pa.StreamDeviceParameters{Device: device, Channels: f.channels, Latency: latency}
	parameters := pa.StreamParameters{SampleRate: float64(f.rate), FramesPerBuffer: f.frames()}
	callback := any(h.onSpeaker)
	if input {
		parameters.Input, callback = end, h.onMicrophone
	} else {
		parameters.Output = end
	}
	stream, err := pa.OpenStream(parameters, callback)
	if err != nil {
		return nil, err
	}
	h.stream = stream
	if err := stream.Start(); err != nil {
		stream.Close()
		return nil, err
	}
	return h, nil
}

// onMicrophone runs on PortAudio's thread: it copies, counts and leaves.
func (h *half) onMicrophone(in []int16) {
	mono := h.mono[:min(len(in)/h.channels, len(h.mono))]
	for i := range mono {
		sum := 0
		for _, s := range in[i*h.channels : (i+1)*h.channels] {
			sum += int(s)
		}
		mono[i] = int16(sum / h.channels)
	}
	h.missed.Add(uint32(len(mono) - h.ring.put(mono)))
	h.called.Add(1)
	if want := h.want.Load(); want > 0 && h.ring.waiting() >= int(want) && h.want.CompareAndSwap(want, 0) {
		select {
		case h.wake <- struct{}{}:
		default: // the reader is awake already
		}
	}
}

// onSpeaker runs on PortAudio's thread, like onMicrophone.
func (h *half) onSpeaker(out []int16) {
	mono := h.mono[:min(len(out)/h.channels, len(h.mono))]
	n := h.ring.take(mono)
	for i, s := range mono[:n] {
		for c := range h.channels {
			out[i*h.channels+c] = s
		}
	}
	clear(out[n*h.channels:])
	if n < len(mono) && h.flowing {
		h.missed.Add(1)
	}
	h.flowing = n == len(mono)
	h.at.Store(int64(time.Since(epoch)))
	h.called.Add(1)
}

// await waits until n samples are in the ring or the deadline has passed.
func (h *half) await(n int, deadline time.Time) error {
	h.timer.Reset(time.Until(deadline))
	defer h.timer.Stop()
	for {
		h.want.Store(uint32(n))
		if h.ring.waiting() >= n {
			return nil
		}
		select {
		case <-h.wake:
		case <-h.closing:
			return os.ErrClosed
		case <-h.timer.C:
			return os.ErrDeadlineExceeded
		}
	}
}

// interrupt ends a wait that is under way.
func (h *half) interrupt() { close(h.closing) }

// calls counts callbacks; a stream that is alive keeps counting.
func (h *half) calls() uint32 { return h.called.Load() }

// lost counts samples dropped (microphone) or times run dry (speaker).
func (h *half) lost() uint32 { return h.missed.Load() }

// epoch makes a time one word.
var epoch = time.Now()

// age is how long ago the speaker's last callback was.
func (h *half) age() time.Duration { return time.Since(epoch) - time.Duration(h.at.Load()) }

func (h *half) latency() (in, out time.Duration) {
	info := h.stream.Info()
	return info.InputLatency, info.OutputLatency
}

// free stops the stream and gives its memory back. Nobody may use h any more.
func (h *half) free() {
	if h.stream != nil {
		h.stream.Abort()
		h.stream.Close()
	}
}
