package audio

import (
	"errors"
	"io"
	"math"
)

const (
	// maxOggPacket bounds a packet in bytes: eight streams of the longest ones
	// that make sense. Longer ones, such as tags with pictures, are cut.
	maxOggPacket = maxStreams * MaxPayload * 6
	longestOpus  = 5760 // samples: 120 ms (RFC 6716 section 2.1.4)
	// tooBroken is how many damaged packets in a row end a file.
	tooBroken = 50
)

// oggSound reads Opus in Ogg (RFC 7845): the first Opus stream of the file, all
// its channels mixed to one.
type oggSound struct {
	ogg      *oggReader
	head     opusHead
	decoders []Decoder
	serial   uint32

	table   []byte // segments of the page to come
	body    []byte
	packet  []byte
	partial bool // the packet goes on in the next page
	cut     []byte

	pcm, voice []int16
	ready      []int16 // decoded, not read yet
	skip       int     // samples still to throw away at the beginning
	made       int64   // samples decoded, the skipped ones included
	end        int64   // of the stream, once its last page is known; -1
	broken     int
	gain       float64
}

func newOggSound(r io.Reader, codecs Codecs) (*oggSound, error) {
	o := &oggSound{ogg: newOggReader(r), end: -1, pcm: make([]int16, longestOpus), voice: make([]int16, longestOpus)}
	if err := o.findStream(); err != nil {
		return nil, err
	}
	if _, err := o.nextPacket(); err != nil { // tags
		return nil, errors.New("the Ogg file ends before its sound begins")
	}
	for range o.head.streams {
		_, decoder, err := codecs(OpusWebRTC)
		if err != nil {
			return nil, err
		}
		o.decoders = append(o.decoders, decoder)
	}
	o.skip = o.head.preSkip
	o.gain = math.Pow(10, float64(o.head.gain)/256/20)
	return o, nil
}

// findStream looks for the first Opus stream among those that begin the file.
func (o *oggSound) findStream() error {
	for range 64 {
		page, err := o.ogg.next()
		if err != nil {
			break
		}
		if !isOpusHead(page) {
			continue
		}
		o.serial = page.serial
		o.head, err = parseOpusHead(page.body)
		return err
	}
	return errors.New("the Ogg file holds no Opus: convert it, for example with `ffmpeg -i IN OUT.opus`")
}

// nextPacket puts packets together from pages. The packet is good until the
// next call.
func (o *oggSound) nextPacket() ([]byte, error) {
	o.packet = o.packet[:0]
	for {
		for len(o.table) > 0 {
			n := int(o.table[0])
			if len(o.packet)+n <= maxOggPacket {
				o.packet = append(o.packet, o.body[:n]...)
			}
			o.table, o.body = o.table[1:], o.body[n:]
			if n < 255 {
				return o.packet, nil
			}
			o.partial = true
		}
		if err := o.nextPage(); err != nil {
			return nil, err
		}
	}
}

// nextPage takes up the next page of our stream.
func (o *oggSound) nextPage() error {
	for o.end < 0 {
		page, err := o.ogg.next()
		if err != nil {
			return err
		}
		if page.serial != o.serial {
			continue
		}
		if page.flags&oggLast != 0 {
			o.end = page.granule
		}
		o.table, o.body = page.table, page.body
		if page.flags&oggContinued == 0 {
			o.packet = o.packet[:0] // what began before was lost
		} else if !o.partial {
			o.dropContinued()
		}
		o.partial = false
		return nil
	}
	return io.EOF
}

// dropContinued drops the rest of a packet whose beginning was lost.
func (o *oggSound) dropContinued() {
	for len(o.table) > 0 {
		n := int(o.table[0])
		o.table, o.body = o.table[1:], o.body[n:]
		if n < 255 {
			return
		}
	}
}

func (o *oggSound) rate() SampleRate { return DeviceRate }

func (o *oggSound) read(p []int16) (int, error) {
	for n := 0; ; {
		moved := copy(p[n:], o.ready)
		o.ready = o.ready[moved:]
		if n += moved; n == len(p) {
			return n, nil
		}
		if err := o.fill(); err != nil {
			return n, err
		}
	}
}

// fill decodes the next packet.
func (o *oggSound) fill() error {
	packet, err := o.nextPacket()
	if err != nil {
		return err
	}
	n, err := o.decode(packet)
	if err != nil {
		if o.broken++; o.broken > tooBroken {
			return errors.New("it is too damaged to go on")
		}
		return nil
	}
	o.broken = 0
	o.made += int64(n)
	if over := o.made - o.end; o.end >= 0 && over > 0 {
		n -= int(min(over, int64(n))) // the last page says where the sound ends within its packet
	}
	drop := min(o.skip, n)
	o.skip -= drop
	o.ready = o.pcm[drop:n]
	return nil
}

// decode fills pcm with the mean of all streams of a packet.
func (o *oggSound) decode(packet []byte) (n int, err error) {
	for i, decoder := range o.decoders {
		one := packet
		if i < len(o.decoders)-1 {
			if one, packet, err = cutDelimited(packet, o.cut); err != nil {
				return 0, err
			}
			o.cut = one
		}
		if n, err = o.decodeVoice(decoder, one, i == 0, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// decodeVoice adds one stream to pcm. All streams of a packet last equally long.
func (o *oggSound) decodeVoice(decoder Decoder, packet []byte, first bool, want int) (int, error) {
	if len(packet) == 0 {
		return 0, errOpusCut
	}
	if d, err := decoder.Duration(packet); err != nil || d > longestOpus || !first && d != want {
		return 0, errors.New("an Opus packet is damaged")
	}
	n, err := decoder.Decode(packet, o.voice)
	if err != nil {
		return 0, err
	}
	if first {
		clear(o.pcm)
	}
	scale := o.gain / float64(len(o.decoders))
	for i, s := range o.voice[:n] {
		o.pcm[i] = int16(max(-32768, min(32767, float64(o.pcm[i])+float64(s)*scale)))
	}
	return n, nil
}
