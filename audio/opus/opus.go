// Package opus is libopus behind audio's Encoder and Decoder, in the profiles
// that calls use: 16 kHz in 60 ms packets on WhatsApp's relays, plain or in
// MLow's escape, and 48 kHz in 20 ms packets on WebRTC. Nothing here allocates
// after New.
package opus

import (
	"fmt"

	"github.com/hraban/opus"

	"tring/audio"
)

// settings are what libopus is told for a profile.
type settings struct {
	application opus.Application
	bitrate     int // bit/s
	complexity  int // 0..10; 5 costs half of 10 and a thousandth of intelligibility
	bandwidth   opus.Bandwidth
}

// settingsFor follows the relays' own voice settings (24 kbit/s, complexity 5,
// wideband) for 16 kHz; at 48 kHz 32 kbit/s are what WebRTC's peers send. What
// is to fit into an escape must not have a SILK part, which the application for
// low delay alone assures (evidence: oxidezap/whatsapp-rust); without it a
// voice wants 32 kbit/s, the most that the relays' settings were seen to allow.
func settingsFor(c audio.Codec) settings {
	switch {
	case c.Escape:
		return settings{application: opus.AppRestrictedLowdelay, bitrate: 32000, complexity: 5, bandwidth: opus.Wideband}
	case c.Rate <= audio.OpusRelay.Rate:
		return settings{application: opus.AppVoIP, bitrate: 24000, complexity: 5, bandwidth: opus.Wideband}
	}
	return settings{application: opus.AppVoIP, bitrate: 32000, complexity: 5, bandwidth: opus.Fullband}
}

var _ audio.Codecs = New

// New makes an encoder and a decoder for c. It fails when libopus cannot run
// at c.Rate (8, 12, 16, 24 or 48 kHz) or with c.Frame (2.5 to 60 ms).
func New(c audio.Codec) (audio.Encoder, audio.Decoder, error) {
	if c.Name != "opus" {
		return nil, nil, fmt.Errorf("opus: %q is another codec", c.Name)
	}
	enc, err := newEncoder(c)
	if err != nil {
		return nil, nil, fmt.Errorf("opus encoder at %d Hz: %w", c.Rate, err)
	}
	dec, err := newDecoder(c)
	if err != nil {
		return nil, nil, fmt.Errorf("opus decoder at %d Hz: %w", c.Rate, err)
	}
	return enc, dec, nil
}
