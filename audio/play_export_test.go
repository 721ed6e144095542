package audio

import (
	"errors"
	"io"
)

// DecodeAll decodes a file without a disk, up to limit samples, for fuzzing.
func DecodeAll(r io.Reader, codecs Codecs, limit int) (n int, err error) {
	from, err := decode(r, codecs)
	if err != nil {
		return 0, err
	}
	c, pcm := newConverter(from), make([]int16, 480)
	for n < limit {
		got, err := c.read(pcm)
		n += got
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// OggFile is a well-formed Ogg file of one page per packet.
func OggFile(packets ...[]byte) []byte {
	var file []byte
	for i, packet := range packets {
		p := oggPage{serial: 7, sequence: uint32(i), granule: int64(i) * opusPacket}
		if i == 0 {
			p.flags = oggFirst
		}
		p.add(packet)
		file = p.append(file)
	}
	return file
}

// CallHead is the first packet of a recorded call.
func CallHead() []byte { return callHead(opusDelay) }
