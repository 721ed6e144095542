package audio

import (
	"os"
	"path/filepath"
)

// recorder is the writing end of a Recording.
type recorder struct {
	config  RecordingConfig
	file    *os.File
	form    container
	samples int // written
	due     int // when to flush
	status  RecordingStatus
	publish func(*RecordingStatus)
}

// follow writes what comes, until quit, and then what came before it.
func (w *recorder) follow(blocks <-chan recorded, quit <-chan struct{}) error {
	for {
		select {
		case b := <-blocks:
			if err := w.take(b); err != nil {
				return err
			}
			continue
		default:
		}
		select {
		case b := <-blocks:
			if err := w.take(b); err != nil {
				return err
			}
		case <-quit:
			if len(blocks) == 0 {
				return nil
			}
		}
	}
}

// take writes a block, after silence for what was lost before it.
func (w *recorder) take(b recorded) error {
	var silence [480]int16
	for b.skip > 0 {
		n := min(b.skip, len(silence))
		if err := w.write(silence[:n], silence[:n]); err != nil {
			return err
		}
		b.skip -= n
		w.status.Lost += DeviceRate.D(n)
	}
	return w.write(b.near[:b.n], b.far[:b.n])
}

func (w *recorder) write(near, far []int16) error {
	if err := w.form.write(near, far); err != nil {
		return err
	}
	w.samples += len(near)
	if w.samples < w.due {
		return nil
	}
	w.due = w.samples + DeviceRate.N(flushEvery)
	return w.checkpoint()
}

// checkpoint makes the file playable and looks at the disk.
func (w *recorder) checkpoint() error {
	if err := w.form.flush(); err != nil {
		return err
	}
	free, err := w.config.Free(filepath.Dir(w.config.Path))
	if err == nil {
		w.status.Free = free
	}
	w.tell(nil)
	if err == nil && free < w.config.Floor {
		return ErrDiskFull
	}
	return nil
}

// tell publishes how the recording stands.
func (w *recorder) tell(err error) {
	w.status.Duration, w.status.Err = DeviceRate.D(w.samples), err
	if info, err := os.Stat(w.config.Path); err == nil {
		w.status.Bytes = info.Size()
	}
	status := w.status
	w.publish(&status)
}
