package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
)

// wavHeader is RIFF's head for two channels of 16 bits: 44 bytes.
const wavHeader = 44

// wav writes a RIFF/WAVE file, and its sizes anew at every flush, so that a
// crash leaves a file that can be played.
type wav struct {
	file  *os.File
	w     *bufio.Writer
	bytes int64
	frame []byte
}

func newWAV(file *os.File) (*wav, error) {
	w := &wav{file: file, w: bufio.NewWriterSize(file, 1<<16)}
	_, err := w.w.Write(w.header())
	return w, errors.Join(err, w.w.Flush()) // a crash in the first second leaves a recording, not garbage
}

func (w *wav) header() []byte {
	const channels, bits = 2, 16
	size := uint32(min(w.bytes, math.MaxUint32-wavHeader)) // longer than six hours: players go on to the end
	h := append(make([]byte, 0, wavHeader), "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, size+wavHeader-8)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, wavPCM)
	h = binary.LittleEndian.AppendUint16(h, channels)
	h = binary.LittleEndian.AppendUint32(h, uint32(DeviceRate))
	h = binary.LittleEndian.AppendUint32(h, uint32(DeviceRate)*channels*bits/8)
	h = binary.LittleEndian.AppendUint16(h, channels*bits/8)
	h = binary.LittleEndian.AppendUint16(h, bits)
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, size)
}

func (w *wav) write(near, far []int16) error {
	w.frame = w.frame[:0]
	for i := range near {
		w.frame = binary.LittleEndian.AppendUint16(w.frame, uint16(near[i]))
		w.frame = binary.LittleEndian.AppendUint16(w.frame, uint16(far[i]))
	}
	w.bytes += int64(len(w.frame))
	_, err := w.w.Write(w.frame)
	return err
}

func (w *wav) flush() error {
	if err := w.w.Flush(); err != nil {
		return err
	}
	_, err := io.NewOffsetWriter(w.file, 0).Write(w.header())
	return err
}

func (w *wav) finish() error { return w.flush() }
