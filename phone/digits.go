package phone

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
		p.task(c.ctx, func(ctx context.Context) func() {
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
		p.playTo(c, audio.NewTone(tones), false, func() {})
		c.sound.session.Mix(audio.NewTone(tones)) // so that we hear what we press
	}
	reply(err)
}

func isDigit(r rune) bool { return strings.ContainsRune("0123456789*#ABCD", r) }
