package webhook

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"
)

// The spool is two files that follow each other: what came, and what was dealt
// with. Each record is
//
//	length 4 | CRC-32 4 | kind 1 | number 8 | time 8 | body
//
// A record that the last run did not finish writing is cut off.
const (
	spoolName = "events.spool"
	oldSpool  = "events.old.spool"
	spoolMax  = 16 << 20
	headSize  = 25
)

const (
	kindEvent byte = 'e'
	kindDone  byte = 'd'
)

func seekTo(f *os.File, at int64) error {
	_, err := f.Seek(at, io.SeekStart)
	return err
}

// entry is a record as it lies in the file.
type entry struct {
	Record
	kind byte
}

// readSpool reads a file up to its first broken record.
func readSpool(path string) (entries []entry, good int64, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("the event store cannot be read: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for {
		e, n, err := readEntry(r)
		if err != nil {
			return entries, good, nil
		}
		entries = append(entries, e)
		good += n
	}
}

var errTorn = errors.New("torn record")

func readEntry(r io.Reader) (entry, int64, error) {
	var head [headSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return entry{}, 0, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > MaxBody {
		return entry{}, 0, errTorn
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return entry{}, 0, err
	}
	if crc32.Update(crc32.ChecksumIEEE(head[8:]), crc32.IEEETable, body) != binary.BigEndian.Uint32(head[4:]) {
		return entry{}, 0, errTorn
	}
	e := entry{kind: head[8]}
	e.Number = binary.BigEndian.Uint64(head[9:])
	e.At = time.Unix(0, int64(binary.BigEndian.Uint64(head[17:])))
	e.Body = body
	return e, headSize + int64(length), nil
}

func appendEntry(b []byte, e entry) []byte {
	var head [headSize]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(e.Body)))
	head[8] = e.kind
	binary.BigEndian.PutUint64(head[9:], e.Number)
	binary.BigEndian.PutUint64(head[17:], uint64(e.At.UnixNano()))
	binary.BigEndian.PutUint32(head[4:], crc32.Update(crc32.ChecksumIEEE(head[8:]), crc32.IEEETable, e.Body))
	return append(append(b, head[:]...), e.Body...)
}

// sortRecords tells what is done from what is open.
func sortRecords(entries []entry) (history, open []Record, next uint64) {
	done := map[uint64]bool{}
	for _, e := range entries {
		if e.kind == kindDone {
			done[e.Number] = true
		}
		next = max(next, e.Number+1)
	}
	for _, e := range entries {
		if e.kind != kindEvent {
			continue
		}
		if history = append(history, e.Record); !done[e.Number] {
			open = append(open, e.Record)
		}
	}
	return history, open, next
}
