package audio_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
)

// wavForm is a way to store sound in RIFF/WAVE.
type wavForm struct {
	kind, channels, rate, bits int
	extensible                 bool
}

func (f wavForm) String() string {
	return fmt.Sprintf("kind %d, %d Hz, %d bits, %d channels", f.kind, f.rate, f.bits, f.channels)
}

// file stores a sine of -10 dBFS in this form.
func (f wavForm) file(hz float64, span time.Duration) []byte {
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	n := int(span.Seconds() * float64(f.rate))
	size := f.bits / 8 * f.channels
	fmtSize, kind := 16, f.kind
	if f.extensible {
		fmtSize, kind = 40, 0xFFFE
	}
	b.WriteString("RIFF")
	put(uint32(20 + fmtSize + 8 + n*size))
	b.WriteString("WAVELIST\x03\x00\x00\x00abc\x00fmt ") // a chunk of odd length to step over
	put([]uint32{uint32(fmtSize)})
	put([]uint16{uint16(kind), uint16(f.channels)})
	put([]uint32{uint32(f.rate), uint32(f.rate * size)})
	put([]uint16{uint16(size), uint16(f.bits)})
	if f.extensible {
		put([]uint16{22, uint16(f.bits)})
		put(uint32(3))
		put([]uint16{uint16(f.kind)})
		b.Write(make([]byte, 14))
	}
	b.WriteString("data")
	put(uint32(n * size))
	for i := range n {
		x := 0.316227766 * math.Sin(2*math.Pi*hz*float64(i)/float64(f.rate))
		for range f.channels {
			f.sample(put, x)
		}
	}
	return b.Bytes()
}

func (f wavForm) sample(put func(any), x float64) {
	switch {
	case f.kind == 3 && f.bits == 32:
		put(float32(x))
	case f.kind == 3:
		put(x)
	case f.bits == 8:
		put(uint8(128 + math.Round(127*x)))
	case f.bits == 16:
		put(int16(math.Round(32767 * x)))
	case f.bits == 24:
		v := int32(math.Round(8388607 * x))
		put([]uint8{uint8(v), uint8(v >> 8), uint8(v >> 16)})
	default:
		put(int32(math.Round(2147483647 * x)))
	}
}

func TestWAVFilesOfEveryKindAndRateSoundRight(t *testing.T) {
	for _, form := range []wavForm{
		{kind: 1, channels: 1, rate: 48000, bits: 16},
		{kind: 1, channels: 2, rate: 44100, bits: 16},
		{kind: 1, channels: 1, rate: 8000, bits: 8},
		{kind: 1, channels: 6, rate: 96000, bits: 24},
		{kind: 1, channels: 1, rate: 11025, bits: 32},
		{kind: 3, channels: 2, rate: 22050, bits: 32},
		{kind: 3, channels: 1, rate: 192000, bits: 64},
		{kind: 1, channels: 2, rate: 16000, bits: 16, extensible: true},
		{kind: 1, channels: 1, rate: 37800, bits: 16},
	} {
		t.Run(form.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "x.wav")
				if err := os.WriteFile(path, form.file(1000, time.Second), 0o600); err != nil {
					t.Fatal(err)
				}
				pcm := hearFile(t, path, nil)
				if got := audio.DeviceRate.D(len(pcm)); (got - time.Second).Abs() > 5*time.Millisecond {
					t.Errorf("a second became %v", got)
				}
				audiotest.WantTone(t, cut(pcm, 100*time.Millisecond, 900*time.Millisecond), 1000, -10, 0.3)
			})
		})
	}
}

func TestHighTonesDoNotFoldDown(t *testing.T) {
	form := wavForm{kind: 1, channels: 1, rate: 96000, bits: 16}
	path := filepath.Join(t.TempDir(), "x.wav")
	if err := os.WriteFile(path, form.file(30000, time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		pcm := hearFile(t, path, nil)
		audiotest.WantSilence(t, cut(pcm, 100*time.Millisecond, 900*time.Millisecond), -60)
	})
}

func TestWhatIsNoSoundFileIsRefusedWithAReason(t *testing.T) {
	dir := t.TempDir()
	good := wavForm{kind: 1, channels: 1, rate: 48000, bits: 16}.file(440, 100*time.Millisecond)
	with := func(at int, value byte) []byte {
		bad := bytes.Clone(good)
		bad[at] = value
		return bad
	}
	const format = 24 + 8 // where the fmt chunk's contents begin
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"empty":          {nil, "neither WAV nor Ogg"},
		"text":           {[]byte("hello, this is a letter and not a sound"), "neither WAV nor Ogg"},
		"mp3":            {[]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), "ffmpeg"},
		"only a header":  {good[:16], "ends before the sound"},
		"no channels":    {with(format+2, 0), "0 channels"},
		"ADPCM":          {with(format, 2), "16-bit PCM"},
		"rate of 0":      {append(append(bytes.Clone(good[:format+4]), 0, 0, 0, 0), good[format+8:]...), "0 Hz"},
		"Ogg of nothing": {[]byte("OggS and then nothing that Ogg would have"), "no Opus"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := audio.OpenFile(path, opus.New)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a word of %q", name, err, c.want)
		}
	}
}

func TestADamagedOggFilePlaysOnAfterTheDamage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "call.opus")
		r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: opus.New})
		if err != nil {
			t.Fatal(err)
		}
		speakTo(r, 5*time.Second)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		raw, _ := os.ReadFile(path)
		for i := range 200 {
			raw[len(raw)/2+i] ^= 0x55 // one page is lost
		}
		os.WriteFile(path, raw, 0o600)
		pcm := hearFile(t, path, opus.New)
		if got := audio.DeviceRate.D(len(pcm)); got < 3500*time.Millisecond || got > 4500*time.Millisecond {
			t.Errorf("of 5 s, with a page of 1 s damaged, %v are played", got)
		}
	})
}

func TestAFileKeepsTheContractOfAStage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	form := wavForm{kind: 1, channels: 1, rate: 48000, bits: 16}
	if err := os.WriteFile(path, form.file(440, time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	audiotest.CheckStage(t, func() audio.Reader {
		f, err := audio.OpenFile(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	})
}

func FuzzDecodeFile(f *testing.F) {
	f.Add(wavForm{kind: 1, channels: 1, rate: 48000, bits: 16}.file(440, 10*time.Millisecond))
	f.Add(wavForm{kind: 3, channels: 2, rate: 44100, bits: 32, extensible: true}.file(440, 10*time.Millisecond))
	f.Add(oggSeed(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		const limit = 480000
		if n, _ := audio.DecodeAll(bytes.NewReader(file), opus.New, limit); n > limit+480 {
			t.Errorf("%d samples were decoded, %d were asked for", n, limit)
		}
	})
}

// oggSeed is a short recording.
func oggSeed(f *testing.F) []byte {
	path := filepath.Join(f.TempDir(), "seed.opus")
	r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: opus.New})
	if err != nil {
		f.Fatal(err)
	}
	for range 10 {
		r.Record(audiotest.Collect(audiotest.Voice(1), 480), make([]int16, 480))
	}
	if err := r.Close(); err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	return raw
}

func FuzzOpusPackets(f *testing.F) {
	f.Add(audio.CallHead(), []byte{0x78, 1, 0xFF, 0x78, 0xFE})
	f.Add([]byte("OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"), []byte{0x7B, 0x83, 0x10, 0x10})
	f.Fuzz(func(t *testing.T, head, packet []byte) {
		file := audio.OggFile(head, []byte("OpusTags"), packet, packet)
		audio.DecodeAll(bytes.NewReader(file), opus.New, 480000)
	})
}
