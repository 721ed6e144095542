package rtc

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

// keys are the keypad in the order of its event codes (RFC 4733 section 3.2).
const keys = "0123456789*#ABCD"

// ErrNoKeypad says that the other side did not agree to keypad digits.
var ErrNoKeypad = errors.New("the other side takes no keypad digits")

var errNoKey = errors.New("a keypad has 0 to 9, *, # and A to D only")

// keypad reads the digits of one source.
type keypad struct {
	last uint32
	any  bool
}

// read is told every packet of every digit, and says a digit at its first: the
// end of one may never come.
func (k *keypad) read(timestamp uint32, payload []byte) (rune, bool) {
	if len(payload) < 4 || int(payload[0]) >= len(keys) || k.any && timestamp == k.last {
		return 0, false
	}
	k.last, k.any = timestamp, true
	return rune(keys[payload[0]]), true
}

// How a digit is sent: 100 ms of tone, its end three times (RFC 4733 section
// 2.5.1.4), then 60 ms of pause.
const (
	toneFrames  = 5
	endFrames   = 3
	pauseFrames = 3
	volume      = 10 // dBm0, without its sign
	eventUnits  = 160
)

// SendDigits plays keypad digits to the other side. It waits until the path
// stands: a digit that is lost is not missed by anybody.
func (p *Peer) SendDigits(ctx context.Context, text string) error {
	text = strings.ToUpper(text)
	if strings.Trim(text, keys) != "" {
		return errNoKey
	}
	select {
	case <-p.standing:
	case <-p.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	p.track.mu.Lock()
	can := p.track.keypad
	p.track.mu.Unlock()
	if !can {
		return ErrNoKeypad
	}
	p.dialling.Lock()
	defer p.dialling.Unlock()
	tick := time.NewTicker(frame)
	defer tick.Stop()
	for _, key := range text {
		if err := p.sendDigit(ctx, tick, byte(strings.IndexRune(keys, key))); err != nil {
			return err
		}
	}
	return nil
}

// sendDigit sends one digit in step with the frames of sound around it.
func (p *Peer) sendDigit(ctx context.Context, tick *time.Ticker, code byte) error {
	began := p.track.now()
	for i := range toneFrames + endFrames + pauseFrames {
		select {
		case <-tick.C:
		case <-p.done:
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		if i >= toneFrames+endFrames || !p.open.Load() {
			continue
		}
		if err := p.track.event(began, eventPacket(code, i), i == 0); err != nil {
			return err
		}
	}
	return nil
}

// eventPacket is the i-th packet of a digit.
func eventPacket(code byte, i int) []byte {
	b := []byte{code, volume, 0, 0}
	if i >= toneFrames {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], uint16(eventUnits*min(i+1, toneFrames)))
	return b
}
