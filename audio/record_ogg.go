package audio

import (
	"fmt"
	"math/rand/v2"
	"os"
)

const (
	// opusDelay is how many samples libopus's encoder looks ahead at 48 kHz:
	// they stand before the first sound and are thrown away by players.
	opusDelay  = 312
	opusPacket = 960 // samples: 20 ms, so that a packet holds one frame
)

// oggCall writes two voices as Opus in Ogg (RFC 7845), each page whole in one
// write and at least one a second.
type oggCall struct {
	file   *os.File
	voices [2]voice
	page   oggPage
	packet []byte
	out    []byte
	coded  int64 // samples in packets, the encoder's delay included
	given  int64 // samples that came in
}

// voice is one encoder and what it has not encoded yet.
type voice struct {
	encoder Encoder
	pcm     []int16
	coded   [MaxPayload]byte
}

func newOggCall(file *os.File, codecs Codecs) (*oggCall, error) {
	o := &oggCall{file: file}
	for i := range o.voices {
		encoder, _, err := codecs(OpusWebRTC)
		if err != nil {
			return nil, err
		}
		o.voices[i] = voice{encoder: encoder, pcm: make([]int16, 0, 2*opusPacket)}
	}
	o.page.serial = rand.Uint32()
	o.page.flags = oggFirst
	for _, head := range [][]byte{callHead(opusDelay), callTags()} {
		o.page.add(head)
		if err := o.turn(0); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// turn writes the page and begins the next.
func (o *oggCall) turn(granule int64) error {
	if len(o.page.table) == 0 {
		return nil
	}
	o.page.granule = granule
	o.out = o.page.append(o.out[:0])
	o.page = oggPage{serial: o.page.serial, sequence: o.page.sequence + 1, table: o.page.table[:0], body: o.page.body[:0]}
	_, err := o.file.Write(o.out)
	return err
}

func (o *oggCall) write(near, far []int16) error {
	o.given += int64(len(near))
	o.voices[0].pcm = append(o.voices[0].pcm, near...)
	o.voices[1].pcm = append(o.voices[1].pcm, far...)
	for len(o.voices[0].pcm) >= opusPacket {
		if err := o.encode(); err != nil {
			return err
		}
	}
	return nil
}

// encode packs 20 ms of both voices into one Ogg packet.
func (o *oggCall) encode() error {
	var coded [2][]byte
	for i := range o.voices {
		v := &o.voices[i]
		packet, err := v.encoder.Encode(v.pcm[:opusPacket], v.coded[:])
		if err != nil {
			return fmt.Errorf("encoding the recording: %w", err)
		}
		coded[i] = packet
		v.pcm = append(v.pcm[:0], v.pcm[opusPacket:]...)
	}
	packet, err := appendDelimited(o.packet[:0], coded[0])
	if err != nil {
		return err
	}
	o.packet = append(packet, coded[1]...)
	if !o.page.add(o.packet) {
		if err := o.turn(o.coded); err != nil {
			return err
		}
		o.page.add(o.packet)
	}
	o.coded += opusPacket
	return nil
}

func (o *oggCall) flush() error { return o.turn(o.coded) }

// finish encodes what is left, and as much silence as brings it out of the
// encoder, and says in the last page where the sound ends.
func (o *oggCall) finish() error {
	end := o.given + opusDelay
	for o.coded < end {
		for i := range o.voices {
			v := &o.voices[i]
			v.pcm = append(v.pcm, make([]int16, opusPacket-len(v.pcm))...)
		}
		if err := o.encode(); err != nil {
			return err
		}
	}
	o.page.flags = oggLast
	return o.turn(end)
}
