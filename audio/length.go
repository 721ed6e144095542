package audio

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Length is how long a sound file of OpenFile's kinds lasts. Nothing is
// decoded: WAV says it in its header, Ogg on its last page. What a crash left
// unfinished is as long as what is there of it.
func Length(path string) (time.Duration, error) {
	file, err := openRegular(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	d, err := length(file)
	if err != nil {
		return 0, fmt.Errorf("%s cannot be measured: %w", filepath.Base(path), err)
	}
	return min(d, maxFile), nil
}

func length(file *os.File) (time.Duration, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	if head, _ := in.Peek(4); string(head) == "OggS" {
		return oggLength(file, in, info.Size())
	}
	w, err := newWAVSound(in)
	if err != nil {
		return 0, err
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	there := info.Size() - at + int64(in.Buffered())
	return w.hertz.D(int(min(w.left, there) / int64(len(w.block)))), nil
}

// oggTail is what surely holds a whole page at its end: the longest page has
// 65,307 bytes (RFC 3533 section 6).
const oggTail = 2 * 65307

// oggLength reads the granule of the last page, which counts samples at 48 kHz
// from before the pre-skip (RFC 7845 section 4).
func oggLength(file *os.File, head io.Reader, size int64) (time.Duration, error) {
	o := oggSound{ogg: newOggReader(head)}
	if err := o.findStream(); err != nil {
		return 0, err
	}
	from := max(0, size-oggTail)
	tail := newOggReader(io.NewSectionReader(file, from, size-from))
	var last int64
	for {
		page, err := tail.next()
		if err != nil {
			break
		}
		if page.serial == o.serial {
			last = max(last, page.granule) // -1: no packet ends on this page
		}
	}
	return DeviceRate.D(int(max(0, last-int64(o.head.preSkip)))), nil
}
