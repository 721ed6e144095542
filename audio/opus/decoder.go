package opus

import (
	"github.com/hraban/opus"

	"tring/audio"
)

type decoder struct {
	lib     *opus.Decoder
	rate    audio.SampleRate
	frame   int  // samples in a packet of the profile
	escapes bool // packets may come in MLow's escape
	plain   [audio.MaxPayload]byte
}

func newDecoder(c audio.Codec) (*decoder, error) {
	lib, err := opus.NewDecoder(int(c.Rate), 1)
	return &decoder{
		lib:     lib,
		rate:    c.Rate,
		frame:   c.Rate.N(c.Frame),
		escapes: c.PayloadType == audio.OpusRelay.PayloadType,
	}, err
}

// Decode unpacks one packet. The library takes the capacity of pcm for its
// length, hence the three-index slices here and below.
func (d *decoder) Decode(packet []byte, pcm []int16) (int, error) {
	if d.isSilence(packet) {
		return d.Conceal(pcm[:min(d.frame, len(pcm))])
	}
	return d.lib.Decode(d.unescape(packet), pcm[:len(pcm):len(pcm)])
}

// DecodeFEC recovers the packet before this one; see HasFEC.
func (d *decoder) DecodeFEC(packet []byte, pcm []int16) (int, error) {
	return len(pcm), d.lib.DecodeFEC(packet, pcm[:len(pcm):len(pcm)])
}

// Conceal invents len(pcm) samples, a multiple of 2.5 ms.
func (d *decoder) Conceal(pcm []int16) (int, error) {
	return len(pcm), d.lib.DecodePLC(pcm[:len(pcm):len(pcm)])
}

// Duration is how long packet lasts, by its first bytes (RFC 6716 section 3.1).
func (d *decoder) Duration(packet []byte) (int, error) {
	if d.isSilence(packet) {
		return d.frame, nil
	}
	return Duration(d.unescape(packet), d.rate)
}

// HasFEC says whether packet carries a coarse copy of the one before it.
func (d *decoder) HasFEC(packet []byte) bool { return HasFEC(packet) }

// isSilence says that packet is MLow's descriptor of silence, which lasts a
// frame. Opus, too, lets its decoder go on by itself then.
func (d *decoder) isSilence(packet []byte) bool {
	return d.escapes && len(packet) == 1 && packet[0] == SilenceDescriptor
}

// unescape gives back the Opus packet of an MLow escape. A packet is taken for
// one only if it fits the profile that way and does not fit as it stands.
func (d *decoder) unescape(packet []byte) []byte {
	if !d.escapes || !IsEscape(packet) || len(packet) > len(d.plain) || d.fits(packet[0], packet) {
		return packet
	}
	toc := unescapeTOC(packet[0])
	if !d.fits(toc, packet) {
		return packet
	}
	n := copy(d.plain[:], packet)
	d.plain[0] = toc
	return d.plain[:n]
}

func (d *decoder) fits(toc byte, packet []byte) bool {
	n, err := duration(toc, packet, d.rate)
	return err == nil && n%d.frame == 0
}
