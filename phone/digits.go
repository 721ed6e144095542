package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"tring/audio"
)

// maxSend bounds one order of keypad digits.
const maxSend = 64

// SendDigits plays keypad digits to the other side.
func (p *Phone) SendDigits(ctx context.Context, id, digits string) error {
	if digits == "" || len(digits) > maxSend || strings.ContainsFunc(digits, func(r rune) bool { return !isDigit(r) }) {
		return fmt.Errorf("%q: digits are 0 to 9, *, # and A to D, at most %d", CleanLine(digits, maxSend), maxSend)
	}
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickTalking(id)
		if err != nil {
			reply(err)
			return
		}
		p.inTurn(c, func(ctx context.Context) func() {
			err := c.leg.SendDigits(ctx, digits)
			return func() { p.sentDigits(c, digits, err, reply) }
		})
	})
}

// sentDigits plays the tones into the call itself when the network has no
// digits of its own.
func (p *Phone) sentDigits(c *live, digits string, err error, reply func(error)) {
	if !errors.Is(err, ErrUnsupported) || c.sound == nil {
		reply(err)
		return
	}
	tones, err := audio.Digits(digits)
	if err == nil {
		err = p.playKeys(c, tones)
	}
	reply(err)
}

// playKeys sounds keys to the other side after those that still sound: people
// press faster than tones are long.
func (p *Phone) playKeys(c *live, tones audio.Cadence) error {
	sounding := c.playing != nil && c.playing.Reader == c.keys
	if sounding && c.keys.full() {
		return fmt.Errorf("%d keys wait to be sent; press them more slowly", maxSend)
	}
	if !sounding || !c.keys.press(tones) {
		c.keys = &keypad{tones: []*audio.Tone{audio.NewTone(tones)}}
		p.playTo(c, c.keys, false, nothing, nothing)
	}
	c.sound.session.Mix(audio.NewTone(tones)) // so that we hear what we press
	return nil
}

// keypad plays tones one after the other, and ends after the last.
type keypad struct {
	mu    sync.Mutex
	tones []*audio.Tone
}

// press adds a tone; false when the keypad has ended.
func (k *keypad) press(tones audio.Cadence) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.tones) == 0 {
		return false
	}
	k.tones = append(k.tones, audio.NewTone(tones))
	return true
}

func (k *keypad) full() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.tones) >= maxSend
}

func (k *keypad) Read(frame []int16) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for len(k.tones) > 0 {
		got, err := k.tones[0].Read(frame[n:])
		n += got
		if err == nil {
			return n, nil
		}
		k.tones = k.tones[1:]
	}
	return n, io.EOF
}

func isDigit(r rune) bool { return strings.ContainsRune("0123456789*#ABCD", r) }
