package audio

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// ramp is how long a note takes to rise and to fall. Shorter ones click.
const ramp = 5 * time.Millisecond

// toneLevel is each frequency's level in dBFS: two of them together stay below
// a voice.
const toneLevel = -22

// Note is one or two frequencies for a while, or, with neither, a pause.
type Note struct {
	Hz    [2]float64
	For   time.Duration
	Decay time.Duration // a bell: the time to fall to 1/e; 0 keeps the level
}

// Cadence is the score of a tone.
type Cadence struct {
	Notes  []Note
	Repeat bool // begin again after the last note, until stopped
	// Louder is how far, in dB, the tone is above those of a call; 15 is the
	// most for two frequencies before they clip.
	Louder float64
}

// maxNotes bounds a cadence that a person wrote.
const maxNotes = 64

// ParseCadence reads the notation of telephone exchanges, "440+480/2000,0/4000":
// frequencies in Hz, a slash, milliseconds; 0 Hz is a pause; the whole repeats.
func ParseCadence(s string) (Cadence, error) {
	parts := strings.Split(s, ",")
	if len(parts) > maxNotes {
		return Cadence{}, fmt.Errorf("a tone has at most %d notes, this one has %d", maxNotes, len(parts))
	}
	c := Cadence{Repeat: true}
	for _, part := range parts {
		n, err := parseNote(strings.TrimSpace(part))
		if err != nil {
			return Cadence{}, err
		}
		c.Notes = append(c.Notes, n)
	}
	return c, nil
}

func parseNote(s string) (Note, error) {
	tones, span, _ := strings.Cut(s, "/")
	first, second, _ := strings.Cut(tones, "+")
	ms, err := strconv.Atoi(span)
	if err != nil || ms < 1 || ms > 60_000 {
		return Note{}, fmt.Errorf("the note %q must last 1 to 60000 milliseconds, as in 425/1000", s)
	}
	n := Note{For: time.Duration(ms) * time.Millisecond}
	for i, text := range []string{first, second} {
		if text == "" && i == 1 {
			continue
		}
		hz, err := strconv.ParseFloat(text, 64)
		if err != nil || !(hz >= 0 && hz <= 20_000) {
			return Note{}, fmt.Errorf("the note %q must sound at 0 to 20000 Hz, as in 440+480/2000", s)
		}
		n.Hz[i] = hz
	}
	return n, nil
}

// Tone plays a cadence. It is a Reader, and ends with io.EOF unless the cadence
// repeats.
type Tone struct {
	notes  []Note
	repeat bool
	level  float64

	next    int // the note after this one
	at, n   int // sample within the note, and its length
	decay   float64
	partial [2]partial
	ending  atomic.Bool
}

// NewTone starts a cadence at its beginning.
func NewTone(c Cadence) *Tone {
	return &Tone{notes: slices.Clone(c.Notes), repeat: c.Repeat, level: 32767 * math.Pow(10, (toneLevel+c.Louder)/20)}
}

// End lets the tone fade within 5 ms of sound and then end. It may be called
// from any goroutine.
func (t *Tone) End() { t.ending.Store(true) }

// Read fills frame with the next samples.
func (t *Tone) Read(frame []int16) (int, error) {
	if t.ending.Load() {
		t.fade()
	}
	for i := range frame {
		if t.at == t.n && !t.begin() {
			clear(frame[i:])
			return i, io.EOF
		}
		frame[i] = t.sample()
	}
	return len(frame), nil
}

// fade cuts the note to a ramp, and the score after it.
func (t *Tone) fade() {
	t.repeat, t.next = false, len(t.notes)
	t.n = min(t.n, t.at+DeviceRate.N(ramp))
}

// begin takes up the next note; false is the end.
func (t *Tone) begin() bool {
	if t.next == len(t.notes) && t.repeat {
		t.next = 0
	}
	if t.next == len(t.notes) {
		return false
	}
	note := t.notes[t.next]
	t.next++
	t.at, t.n = 0, max(DeviceRate.N(note.For), 1)
	t.decay = 0
	if note.Decay > 0 {
		t.decay = 1 / float64(DeviceRate.N(note.Decay))
	}
	for i, hz := range note.Hz {
		t.partial[i] = newPartial(hz)
	}
	return true
}

// sample is the next one of the note under way.
func (t *Tone) sample() int16 {
	rise := DeviceRate.N(ramp)
	edge := float64(min(t.at, t.n-t.at, rise)) / float64(rise)
	loud := t.level * edge
	if t.decay > 0 {
		loud *= math.Exp(-float64(t.at) * t.decay)
	}
	t.at++
	return int16(loud * (t.partial[0].step() + t.partial[1].step()))
}

// partial is a sine made by turning a pointer: two multiplications a sample
// where math.Sin costs twenty.
type partial struct{ x, y, cos, sin float64 }

func newPartial(hz float64) partial {
	if hz == 0 {
		return partial{}
	}
	sin, cos := math.Sincos(2 * math.Pi * hz / float64(DeviceRate))
	return partial{x: 1, cos: cos, sin: sin}
}

func (p *partial) step() float64 {
	p.x, p.y = p.x*p.cos-p.y*p.sin, p.x*p.sin+p.y*p.cos
	return p.y
}
