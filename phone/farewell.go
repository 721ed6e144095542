package phone

import (
	"context"
	"errors"
	"time"

	"tring/audio"
)

// farewellTime is how long the tone at the end of a call may last.
const farewellTime = 1500 * time.Millisecond

// farewellTone is what a person hears when a call ends that they did not end
// themselves, or noTone.
func farewellTone(c *live) Tone {
	switch {
	case c.ours && (c.Cause == NormalClearing || c.Cause == Cancelled):
		return noTone
	case !c.Answered.IsZero():
		return ToneEnded
	case c.Direction == Outbound && c.Cause == Busy:
		return ToneBusy
	case c.Direction == Outbound:
		return ToneEnded
	}
	return noTone
}

// dismiss closes a device away from the loop, after a last tone on it; a new
// call cuts the tone short. Until it is closed no other is opened: many cards
// can be open only once.
func (p *Phone) dismiss(device audio.Device, tone Tone) {
	ctx, cut := context.WithTimeout(p.ctx, farewellTime)
	p.desk.cut = cut
	p.desk.closing++
	var sound audio.Reader
	if tone != noTone {
		sound = p.tone(tone, nil)
	}
	p.task(ctx, func(ctx context.Context) func() {
		var played error
		if sound != nil {
			played = playOnce(ctx, device, sound)
		}
		cut()
		err := errors.Join(played, device.Close())
		return func() { p.dismissed(err) }
	})
}

func (p *Phone) dismissed(err error) {
	if err != nil {
		p.log.Warn("a sound device did not end well", "err", err)
	}
	p.desk.closing--
	p.refreshSound()
}
