package audio

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// RecordingConfig says what a recording becomes.
type RecordingConfig struct {
	Path string // a new file; nobody but its owner may read it
	// Codecs makes the encoders of an Ogg/Opus recording; nil records WAV.
	Codecs Codecs
	// Floor is how many bytes of the disk must stay free: below it the
	// recording ends cleanly. Zero stands for 200 MB.
	Floor uint64
	// Free measures the disk; nil asks the system.
	Free func(folder string) (uint64, error)
}

const (
	defaultFloor = 200 << 20
	// backlog is how long the disk may hang before sound is lost.
	backlog = 3 * time.Second
	// flushEvery is what a crash can cost at most.
	flushEvery = time.Second
)

// ErrDiskFull says that a recording ended because the disk is nearly full.
var ErrDiskFull = errors.New("the recording ended because the disk is nearly full: what there is can be played")

// Recording writes a call to a file as it goes: our voice left, theirs right.
// After a crash the file can be played up to its last second. It implements
// Recorder.
type Recording struct {
	config RecordingConfig
	blocks chan recorded
	once   sync.Once
	quit   chan struct{}
	done   chan struct{}
	lost   atomic.Int64 // samples that came while the disk hung and the backlog was full
	status atomic.Pointer[RecordingStatus]
}

// recorded is one period, by value, so that the audio loop allocates nothing.
// A skip stands before it for what was lost.
type recorded struct {
	near, far [480]int16
	n, skip   int
}

// RecordingStatus is a recording at one moment, for people.
type RecordingStatus struct {
	Path     string
	Duration time.Duration
	Bytes    int64
	Free     uint64        // bytes left on the disk
	Lost     time.Duration // silence in the file because the disk was too slow
	Err      error         // why it ended before Close, if it did
}

// container is a file format for two voices.
type container interface {
	// write adds a period of both; they are equally long.
	write(near, far []int16) error
	// flush makes what was written playable after a crash.
	flush() error
	// finish completes the file, but does not close it.
	finish() error
}

// StartRecording creates the file and begins. It fails when the file exists or
// the disk is nearly full already.
func StartRecording(c RecordingConfig) (*Recording, error) {
	if c.Floor == 0 {
		c.Floor = defaultFloor
	}
	if c.Free == nil {
		c.Free = freeSpace
	}
	free, err := c.Free(filepath.Dir(c.Path))
	if err == nil && free < c.Floor {
		return nil, fmt.Errorf("not recording: %s has %d MB left and %d MB must stay free", filepath.Dir(c.Path), free>>20, c.Floor>>20)
	}
	file, err := os.OpenFile(c.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("not recording: %w", err)
	}
	form, err := newContainer(file, c.Codecs)
	if err != nil {
		file.Close()
		os.Remove(c.Path)
		return nil, fmt.Errorf("not recording: %w", err)
	}
	r := &Recording{config: c, blocks: make(chan recorded, int(backlog/Period)), quit: make(chan struct{}), done: make(chan struct{})}
	r.status.Store(&RecordingStatus{Path: c.Path, Free: free})
	go r.run(file, form)
	return r, nil
}

func newContainer(file *os.File, codecs Codecs) (container, error) {
	if codecs == nil {
		return newWAV(file)
	}
	return newOggCall(file, codecs)
}

// Record takes a period of both voices. It copies and leaves.
func (r *Recording) Record(near, far []int16) {
	b := recorded{skip: int(r.lost.Load())}
	b.n = min(max(len(near), len(far)), len(b.near))
	copy(b.near[:], near)
	copy(b.far[:], far)
	select {
	case r.blocks <- b:
		r.lost.Add(-int64(b.skip))
	default:
		r.lost.Add(int64(b.n))
	}
}

// Status is how the recording stands.
func (r *Recording) Status() RecordingStatus { return *r.status.Load() }

// Done is closed when nothing more is written, be it for Close or an error.
func (r *Recording) Done() <-chan struct{} { return r.done }

// Close completes the file. It returns why the recording ended before, if it
// did.
func (r *Recording) Close() error {
	r.once.Do(func() { close(r.quit) })
	<-r.done
	return r.Status().Err
}

// run is the writer's goroutine.
func (r *Recording) run(file *os.File, form container) {
	defer close(r.done)
	w := &recorder{config: r.config, file: file, form: form, status: r.Status(), publish: r.status.Store}
	err := w.follow(r.blocks, r.quit)
	for _, end := range []func() error{form.finish, file.Close} {
		if e := end(); err == nil {
			err = e
		}
	}
	w.tell(err)
}
