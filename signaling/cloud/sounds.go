package cloud

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// maxSounds bounds what customers can make us keep, in bytes: some hours of
// voice messages.
const maxSounds = 500 << 20

var (
	errSoundsFull = errors.New("the folder of voice messages is full; move some away")
	errNoSound    = errors.New("it has no sound")
)

// voiceMessage fetches what a customer said, or left after their call, and
// tells where it is kept.
func (d *desk) voiceMessage(from phone.Party, e webhook.Text) {
	what := "voice message"
	if strings.HasPrefix(e.About, "wacid.") {
		what = "voicemail"
	}
	d.fetch(e.Media, e.At, func(path string, err error) {
		body := fmt.Sprintf("[%s, kept in %s]", what, path)
		if err != nil {
			d.log.Warn("a voice message was not fetched", "error", err)
			body = fmt.Sprintf("[%s, which could not be fetched: %s; try `tring biz media %s FILE`]", what, err, phone.CleanName(e.Media))
		}
		d.emit(phone.TextReceived{From: from, Text: phone.CleanText(body, maxText), At: d.ours(e.At, d.graph.Now())})
	})
}

// recording fetches what Meta recorded or wrote down of a call: it keeps that
// for seven days only.
func (d *desk) recording(e webhook.Recording) {
	what, from := "recording", d.meet(e.From)
	if e.Transcript {
		what = "transcript"
	}
	d.fetch(e.Media, e.At, func(path string, err error) {
		if err != nil {
			d.notice(fmt.Sprintf("Meta's %s of the call with %s could not be fetched: %s. Try `tring biz media %s FILE` within a week.", what, from.Display(), err, phone.CleanName(e.Media)))
			return
		}
		d.notice(fmt.Sprintf("Meta's %s of the call with %s is kept in %s.", what, from.Display(), path))
	})
}

// fetch keeps a file of Meta's, beside the desk.
func (d *desk) fetch(id string, at time.Time, then func(path string, err error)) {
	d.beside.Go(func() {
		path, err := d.fetched(id, at)
		d.work.Post(func() { then(path, err) })
	})
}

// fetched gets a file of Meta's and keeps it. Two come at a time; the others
// wait as long as that takes.
func (d *desk) fetched(id string, at time.Time) (path string, err error) {
	if id == "" {
		return "", errNoSound
	}
	select {
	case d.fetching <- struct{}{}:
		defer func() { <-d.fetching }()
	case <-d.life.Done():
		return "", d.life.Err()
	}
	m, err := d.graph.Media(d.life, id)
	if err != nil {
		return "", err
	}
	return keepSound(d.config.Sounds, id, at, m)
}

// keepSound writes a file, which only its owner can read.
func keepSound(dir, id string, at time.Time, m graph.Media) (path string, err error) {
	if err := makeDir(dir); err != nil {
		return "", err
	}
	if size, err := sizeOf(dir); err != nil || size+int64(len(m.Body)) > maxSounds {
		return "", errors.Join(errSoundsFull, err)
	}
	path = filepath.Join(dir, soundName(id, at, m.Type))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(m.Body)
	return path, errors.Join(err, f.Close())
}

// sizeOf is how much a folder holds, in bytes.
func sizeOf(dir string) (total int64, err error) {
	files, err := os.ReadDir(dir)
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			total += info.Size()
		}
	}
	return total, err
}

// endings are file names' ends by MIME type.
var endings = map[string]string{
	"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "application/json": ".json",
}

// soundName is a file's name: when it came and the end of its id, so that one
// that comes twice is kept once.
func soundName(id string, at time.Time, kind string) string {
	kind, _, _ = strings.Cut(kind, ";")
	ending := endings[strings.ToLower(strings.TrimSpace(kind))]
	if ending == "" {
		ending = ".bin"
	}
	if at.IsZero() {
		at = time.Now()
	}
	return at.Local().Format("2006-01-02 15.04.05 ") + tailOf(id) + ending
}

// tailOf is the end of a file's id, as names of files have it.
func tailOf(id string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, id)
	return safe[max(0, len(safe)-10):]
}
