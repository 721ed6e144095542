package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Ogg's page (RFC 3533 section 6): a header of 27 bytes, a table of up to 255
// segment lengths, the segments. A packet is a run of segments that ends with
// one shorter than 255; it may go on in the next page.
const (
	oggHeader    = 27
	oggContinued = 1
	oggFirst     = 2
	oggLast      = 4
)

// oggPage is one page. Its slices belong to the reader that filled it.
type oggPage struct {
	flags    byte
	granule  int64
	serial   uint32
	sequence uint32
	table    []byte
	body     []byte
}

// oggPolynomial is CRC-32 without reflection, as RFC 3533 wants it.
var oggPolynomial = func() (table [256]uint32) {
	for i := range table {
		r := uint32(i) << 24
		for range 8 {
			r = r<<1 ^ (r>>31)*0x04c11db7
		}
		table[i] = r
	}
	return table
}()

func oggChecksum(sum uint32, p []byte) uint32 {
	for _, b := range p {
		sum = sum<<8 ^ oggPolynomial[byte(sum>>24)^b]
	}
	return sum
}

// append writes the page behind buf.
func (p *oggPage) append(buf []byte) []byte {
	start := len(buf)
	buf = append(buf, "OggS\x00"...)
	buf = append(buf, p.flags)
	buf = binary.LittleEndian.AppendUint64(buf, uint64(p.granule))
	buf = binary.LittleEndian.AppendUint32(buf, p.serial)
	buf = binary.LittleEndian.AppendUint32(buf, p.sequence)
	buf = append(buf, 0, 0, 0, 0, byte(len(p.table)))
	buf = append(buf, p.table...)
	buf = append(buf, p.body...)
	binary.LittleEndian.PutUint32(buf[start+22:], oggChecksum(0, buf[start:]))
	return buf
}

// add puts a whole packet into the page, if there is room for it.
func (p *oggPage) add(packet []byte) bool {
	full := len(packet) / 255
	if len(p.table)+full+1 > 255 {
		return false
	}
	for range full {
		p.table = append(p.table, 255)
	}
	p.table = append(p.table, byte(len(packet)%255))
	p.body = append(p.body, packet...)
	return true
}

// maxOggJunk bounds the search for a page in what is no Ogg.
const maxOggJunk = 1 << 16

var errNotOgg = errors.New("it holds no Ogg pages")

// oggReader reads pages, and finds the next one after damage.
type oggReader struct {
	r    *bufio.Reader
	page oggPage
	raw  [oggHeader + 255 + 255*255]byte
}

func newOggReader(r io.Reader) *oggReader { return &oggReader{r: bufio.NewReaderSize(r, 1<<17)} }

// next reads the next page that is whole. It ends with io.EOF, also in the
// middle of a page: that is how a crash leaves a file.
func (o *oggReader) next() (*oggPage, error) {
	for junk := 0; junk < maxOggJunk; {
		head, err := o.r.Peek(oggHeader)
		if err != nil {
			return nil, io.EOF
		}
		if string(head[:5]) == "OggS\x00" {
			if p, err := o.whole(int(head[26])); p != nil || err != nil {
				return p, err
			}
		}
		o.r.Discard(1)
		junk++
	}
	return nil, errNotOgg
}

// whole takes the page that begins here, or returns nil when it is damaged.
func (o *oggReader) whole(segments int) (*oggPage, error) {
	head, err := o.r.Peek(oggHeader + segments)
	if err != nil {
		return nil, io.EOF
	}
	size := len(head)
	for _, n := range head[oggHeader:] {
		size += int(n)
	}
	raw, err := o.r.Peek(size)
	if err != nil {
		return nil, io.EOF
	}
	page := o.raw[:copy(o.raw[:], raw)]
	sum := binary.LittleEndian.Uint32(page[22:])
	clear(page[22:26])
	if oggChecksum(0, page) != sum {
		return nil, nil
	}
	o.r.Discard(size)
	o.page = oggPage{
		flags:    page[5],
		granule:  int64(binary.LittleEndian.Uint64(page[6:])),
		serial:   binary.LittleEndian.Uint32(page[14:]),
		sequence: binary.LittleEndian.Uint32(page[18:]),
		table:    page[oggHeader : oggHeader+segments],
		body:     page[oggHeader+segments:],
	}
	return &o.page, nil
}
