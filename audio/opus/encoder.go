package opus

import (
	"errors"

	"github.com/hraban/opus"

	"tring/audio"
)

// Redundancy costs intelligibility on a clean line (0.026 STOI at 24 kbit/s),
// so it is switched on above onLoss and off again below offLoss.
const (
	onLoss  = 0.025
	offLoss = 0.01
	// leastTold is the loss in percent from which libopus does send redundancy
	// at the bitrates used here, rather than weigh it against bandwidth.
	leastTold = 10
)

// quietPeak is the loudest sample of a frame in which libopus may stop sending:
// -46 dBFS. Left to itself it takes a steady tone, at any level, for background
// noise after a second, and a far end on hold would hear its music go.
const quietPeak = 164

var errFrameSize = errors.New("opus: the frame has not the codec's length")

type encoder struct {
	lib   *opus.Encoder
	frame int  // samples
	base  int  // bit/s without redundancy
	may   bool // redundancy was negotiated
	fec   bool // redundancy is being sent
	loss  int  // percent, as libopus was told
	dtx   bool // silence may be left out
	quiet bool // and libopus has been told to

	escape bool // packets leave in MLow's escape
	plain  [audio.MaxPayload]byte
}

func newEncoder(c audio.Codec) (*encoder, error) {
	s := settingsFor(c)
	lib, err := opus.NewEncoder(int(c.Rate), 1, s.application)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		lib.SetBitrate(s.bitrate),
		lib.SetComplexity(s.complexity),
		lib.SetMaxBandwidth(s.bandwidth),
		lib.SetVBR(true),
	)
	return &encoder{
		lib: lib, frame: c.Rate.N(c.Frame), base: s.bitrate, may: c.FEC && !c.Escape, dtx: c.DTX, escape: c.Escape,
	}, err
}

// Encode packs one frame.
func (e *encoder) Encode(pcm []int16, buf []byte) ([]byte, error) {
	if len(pcm) != e.frame {
		return nil, errFrameSize
	}
	if quiet := e.dtx && isQuiet(pcm); quiet != e.quiet && e.lib.SetDTX(quiet) == nil {
		e.quiet = quiet
	}
	if e.escape {
		return e.encodeEscaped(pcm, buf)
	}
	// The library goes by the capacity of buf; the length is what we granted.
	n, err := e.lib.Encode(pcm, buf[:len(buf):len(buf)])
	if err != nil {
		return nil, err
	}
	return buf[:n], nil
}

// encodeEscaped packs one frame for a decoder of MLow. The escape may take one
// byte more than the packet.
func (e *encoder) encodeEscaped(pcm []int16, buf []byte) ([]byte, error) {
	most := max(0, min(len(buf)-1, len(e.plain)))
	n, err := e.lib.Encode(pcm, e.plain[:most:most])
	if err != nil {
		return nil, err
	}
	return ToEscape(buf[:0], e.plain[:n])
}

// bitrate gives redundancy half as much again: taken out of the same bits it
// would cost what it is to save.
func (e *encoder) bitrate(fec bool) int {
	if fec {
		return e.base + e.base/2
	}
	return e.base
}

func isQuiet(pcm []int16) bool {
	for _, v := range pcm {
		if v > quietPeak || v < -quietPeak {
			return false
		}
	}
	return true
}

// SetLoss tells libopus the loss, so that it leans less on what went before,
// and switches redundancy where it was negotiated.
func (e *encoder) SetLoss(share float64) {
	want := e.may && (share > onLoss || e.fec && share > offLoss)
	if want != e.fec && e.lib.SetInBandFEC(want) == nil {
		e.fec = want
		e.lib.SetBitrate(e.bitrate(want))
	}
	percent := max(0, min(int(share*100+0.5), 100))
	if e.fec {
		percent = max(percent, leastTold)
	}
	if percent != e.loss && e.lib.SetPacketLossPerc(percent) == nil {
		e.loss = percent
	}
}
