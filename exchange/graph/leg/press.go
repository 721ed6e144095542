package leg

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"tring/audio"
)

// ErrKey is a key that no keypad has.
var ErrKey = errors.New("keypads have 0-9, *, # and A-D")

// Press sends keypad digits, each for 100 ms. It returns when all are sent.
func (l *Leg) Press(ctx context.Context, digits string) error {
	if strings.Trim(strings.ToUpper(digits), keys) != "" {
		return ErrKey
	}
	beat := time.NewTicker(audio.OpusWebRTC.Frame)
	defer beat.Stop()
	for _, key := range strings.ToUpper(digits) {
		if err := l.press(ctx, beat.C, byte(strings.IndexRune(keys, key))); err != nil {
			return err
		}
	}
	return nil
}

func (l *Leg) press(ctx context.Context, beat <-chan time.Time, event byte) error {
	d := l.out.press(event)
	total := digitPackets + int(between/audio.OpusWebRTC.Frame)
	for i := range total {
		if err := l.pressStep(&d, i); err != nil {
			return err
		}
		select {
		case <-beat:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ctx.Done():
			return net.ErrClosed
		}
	}
	return nil
}

// pressStep sends what is due in the i-th frame of a digit.
func (l *Leg) pressStep(d *digit, i int) error {
	switch {
	case i < digitPackets:
		return l.out.step(d, false)
	case l.options.EndBits && i < digitPackets+endPackets:
		return l.out.step(d, true)
	}
	return nil
}
