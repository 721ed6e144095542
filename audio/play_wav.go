package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// RIFF's names for kinds of samples.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE // the kind stands in the extension
)

const (
	maxFileRate     = 384000
	maxFileChannels = 32
)

// wavSound reads RIFF/WAVE: whole numbers of 8 to 32 bits or floats of 32 or
// 64, any rate, any channels (mixed to one).
type wavSound struct {
	r        *bufio.Reader
	hertz    SampleRate
	kind     int
	channels int
	bytes    int   // of one sample of one channel
	left     int64 // bytes of sound to come; a writer that crashed may have said 0 or too many
	block    []byte
}

// newWAVSound reads up to the first sample.
func newWAVSound(r *bufio.Reader) (*wavSound, error) {
	var riff [12]byte
	if _, err := io.ReadFull(r, riff[:]); err != nil || string(riff[8:]) != "WAVE" {
		return nil, errors.New("its WAV header is cut off")
	}
	w := &wavSound{r: r}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return nil, errors.New("its WAV header ends before the sound begins")
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		switch string(chunk[:4]) {
		case "fmt ":
			if err := w.format(size); err != nil {
				return nil, err
			}
		case "data":
			return w, w.begin(size)
		default:
			if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
				return nil, errors.New("its WAV header ends before the sound begins")
			}
		}
	}
}

// format reads the chunk that describes the samples.
func (w *wavSound) format(size int64) error {
	if size < 16 || size > 4096 {
		return fmt.Errorf("its WAV format chunk has %d bytes", size)
	}
	chunk := make([]byte, size+size%2)
	if _, err := io.ReadFull(w.r, chunk); err != nil {
		return errors.New("its WAV header is cut off")
	}
	w.kind = int(binary.LittleEndian.Uint16(chunk))
	w.channels = int(binary.LittleEndian.Uint16(chunk[2:]))
	w.hertz = SampleRate(binary.LittleEndian.Uint32(chunk[4:]))
	w.bytes = int(binary.LittleEndian.Uint16(chunk[14:])) / 8
	if w.kind == wavExtensible && size >= 26 {
		w.kind = int(binary.LittleEndian.Uint16(chunk[24:]))
	}
	return w.check()
}

func (w *wavSound) check() error {
	whole := w.kind == wavPCM && w.bytes >= 1 && w.bytes <= 4
	float := w.kind == wavFloat && (w.bytes == 4 || w.bytes == 8)
	switch {
	case !whole && !float:
		return fmt.Errorf("its samples are of kind %d with %d bits: save it as 16-bit PCM", w.kind, w.bytes*8)
	case w.channels < 1 || w.channels > maxFileChannels:
		return fmt.Errorf("it has %d channels", w.channels)
	}
	return checkRate(w.hertz)
}

func checkRate(r SampleRate) error {
	if r < 4000 || r > maxFileRate {
		return fmt.Errorf("its rate is %d Hz: 4000 to %d can be played", r, maxFileRate)
	}
	return nil
}

// begin prepares for the sound. A length of nothing, or of everything, is what
// a writer leaves that was not finished: then the sound goes on to the end.
func (w *wavSound) begin(size int64) error {
	if w.channels == 0 {
		return errors.New("its WAV header does not say how the sound is stored")
	}
	if w.left = size; size == 0 || size >= math.MaxUint32-4096 {
		w.left = math.MaxInt64
	}
	w.block = make([]byte, w.channels*w.bytes)
	return nil
}

func (w *wavSound) rate() SampleRate { return w.hertz }

func (w *wavSound) read(p []int16) (int, error) {
	for i := range p {
		if w.left < int64(len(w.block)) {
			return i, io.EOF
		}
		if _, err := io.ReadFull(w.r, w.block); err != nil {
			return i, io.EOF // cut off: what was there has been played
		}
		w.left -= int64(len(w.block))
		p[i] = w.mix()
	}
	return len(p), nil
}

// mix is the mean of the channels of one moment.
func (w *wavSound) mix() int16 {
	sum := 0.0
	for at := 0; at < len(w.block); at += w.bytes {
		sum += w.sample(w.block[at : at+w.bytes])
	}
	return int16(max(-32768, min(32767, math.Round(sum*32768/float64(w.channels)))))
}

// sample is one sample as -1..1.
func (w *wavSound) sample(b []byte) float64 {
	switch {
	case w.kind == wavFloat && len(b) == 4:
		return finite(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case w.kind == wavFloat:
		return finite(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case len(b) == 1:
		return (float64(b[0]) - 128) / 128
	}
	var v int32
	for i, x := range b { // the highest byte carries the sign
		v |= int32(x) << (8 * (4 - len(b) + i))
	}
	return float64(v) / (1 << 31)
}

// finite bounds what a file claims to be sound.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return max(-1, min(1, x))
}
