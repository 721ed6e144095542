package phone

import (
	"io"
	"time"

	"tring/audio"
)

// Tone names a sound that the phone makes itself.
type Tone int

const (
	ToneRing     Tone = iota // a call comes in; never ends
	ToneLoud                 // a call comes in that must be noticed; never ends
	ToneWaiting              // a second call comes in, heard in the first; never ends
	ToneRingback             // their phone rings; never ends
	ToneHold                 // what somebody on hold hears; never ends
	ToneNotice               // both hear that recording, or the machine, starts; ends
	ToneBeep                 // the caller may speak now; ends
	ToneEnded                // the other side, or the network, ended the call; ends
	ToneBusy                 // they are on another call; never ends
)

// noTone says that nothing is to be heard.
const noTone Tone = -1

// loud rings without a rest, low and high, as loud as a device can, so that it
// is noticed across rooms.
var loud = audio.Cadence{Repeat: true, Louder: 15, Notes: []audio.Note{
	{Hz: [2]float64{784, 1568}, For: 180 * time.Millisecond},
	{Hz: [2]float64{1175, 2349}, For: 180 * time.Millisecond},
}}

// speakNow is the beep of an answering machine.
var speakNow = audio.Cadence{Notes: []audio.Note{{Hz: [2]float64{1000}, For: 400 * time.Millisecond}}}

// cadence is how a tone sounds here. What exchanges sound differs by country;
// the notice is the first beep of the warning tone of ITU-T E.180.
func (p *Phone) cadence(t Tone, c *live) audio.Cadence {
	switch t {
	case ToneLoud:
		return loud
	case ToneWaiting:
		return audio.CallWaiting(p.cfg.Region)
	case ToneRingback:
		return audio.Ringback(p.ringbackCountry(c))
	case ToneHold:
		return audio.HoldSign
	case ToneNotice:
		return audio.Cadence{Notes: audio.RecordingNotice.Notes[:1]}
	case ToneBeep:
		return speakNow
	case ToneEnded:
		return audio.CallEnded
	case ToneBusy:
		return audio.Busy(p.cfg.Region)
	}
	return audio.Melody
}

// ringbackCountry is whose ringing tone we hear: the callee's own.
func (p *Phone) ringbackCountry(c *live) string {
	switch want := p.cfg.Ringback; {
	case want != "" && want != "auto":
		return want
	case c != nil && c.Party.Number != "":
		return p.ReadNumber(c.Party.Number).Region
	}
	return p.cfg.Region
}

// tone makes a fresh reader of a tone, for a call or for none.
func (p *Phone) tone(t Tone, c *live) audio.Reader {
	if own := p.cfg.Sound.Tone; own != nil {
		if r := own(t); r != nil {
			return r
		}
	}
	return audio.NewTone(p.cadence(t, c))
}

// closeReader closes what is an open file.
func closeReader(r audio.Reader) {
	if c, ok := r.(io.Closer); ok {
		c.Close()
	}
}
