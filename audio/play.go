package audio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// maxFile bounds how much of a file is played.
const maxFile = 4 * time.Hour

// sound is a decoded file: mono at a rate of its own.
type sound interface {
	rate() SampleRate
	// read fills p with the next samples; it ends with io.EOF.
	read(p []int16) (int, error)
}

// File plays a sound file: WAV, or Opus in Ogg. It is a Reader: a goroutine reads
// the disk ahead, and where it is too slow there is silence.
type File struct {
	path   string
	file   *os.File
	frames chan played
	frame  played // under way
	at     int
	quit   chan struct{}
	once   sync.Once
	ended  bool
	err    atomic.Pointer[error]
}

// played is one period on its way from the disk.
type played struct {
	pcm [480]int16
	n   int
}

// aheadOfDisk is how much is read before it is needed.
const aheadOfDisk = 500 * time.Millisecond

// OpenFile opens a sound file to play it. codecs is needed for Ogg alone. What
// is no sound file, or none that can be played, is refused with the reason; what
// is broken further on ends early, and Err says why.
func OpenFile(path string, codecs Codecs) (*File, error) {
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	decoded, err := decode(file, codecs)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s cannot be played: %w", filepath.Base(path), err)
	}
	f := &File{path: path, file: file, frames: make(chan played, int(aheadOfDisk/Period)), quit: make(chan struct{})}
	go f.run(newConverter(decoded))
	return f, nil
}

// openRegular refuses what never ends, such as a pipe or a device.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file: sound is played from WAV and Ogg/Opus files", path)
	}
	return os.Open(path)
}

// decode tells the formats apart by their first bytes.
func decode(r io.Reader, codecs Codecs) (sound, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	switch head, _ := in.Peek(4); string(head) {
	case "RIFF":
		return newWAVSound(in)
	case "OggS":
		if codecs == nil {
			return nil, errors.New("this build has no Opus decoder")
		}
		return newOggSound(in, codecs)
	}
	return nil, errors.New("it is neither WAV nor Ogg/Opus: convert it, for example with `ffmpeg -i IN OUT.opus`")
}

// run decodes ahead until the end.
func (f *File) run(from *converter) {
	defer close(f.frames)
	defer f.file.Close()
	for total := 0; total < DeviceRate.N(maxFile); {
		var p played
		n, err := from.read(p.pcm[:])
		p.n = n
		total += n
		select {
		case f.frames <- p:
		case <-f.quit:
			return
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) {
			err = fmt.Errorf("%s ended early: %w", filepath.Base(f.path), err)
			f.err.Store(&err)
		}
		return
	}
}

// Read fills frame with the next samples; silence where the disk is too slow.
func (f *File) Read(frame []int16) (int, error) {
	for n := 0; n < len(frame); {
		if f.at == f.frame.n && !f.next() {
			clear(frame[n:])
			if f.ended {
				return n, io.EOF
			}
			return len(frame), nil
		}
		moved := copy(frame[n:], f.frame.pcm[f.at:f.frame.n])
		n += moved
		f.at += moved
	}
	return len(frame), nil
}

// next takes up the next period, if there is one already.
func (f *File) next() bool {
	for !f.ended {
		select {
		case p, more := <-f.frames:
			f.frame, f.at, f.ended = p, 0, !more
			if p.n > 0 {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// Err is why the file ended early, or nil.
func (f *File) Err() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Close stops reading ahead. The file may be closed before its end.
func (f *File) Close() error {
	f.once.Do(func() { close(f.quit) })
	return nil
}
