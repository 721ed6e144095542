package audiotest

import (
	"fmt"
	"time"

	"tring/audio"
)

// Heard is what came out of a jitter buffer for a trace.
type Heard struct {
	PCM   []int16 // at the codec's rate, from the moment when the first packet was sent
	Stats audio.JitterStats
	// Delays is Stats.Delay after each period.
	Delays []time.Duration
}

// PlayTrace plays packets through a jitter buffer as a trace says they came,
// pulling one Period after the other, and a fifth of a second longer. Packet i of the
// call is packets[i]; the trace's sequence numbers count from 0 and may wrap.
func PlayTrace(j *audio.Jitter, c audio.Codec, packets [][]byte, t Trace) Heard {
	var out Heard
	sent := map[uint16]int{}
	for i, a := range t[:min(len(t), len(packets))] {
		if _, twice := sent[a.Sequence]; !twice {
			sent[a.Sequence] = i
		}
	}
	came := t.Arrivals()
	period := make([]int16, c.Rate.N(audio.Period))
	end := time.Duration(len(packets))*c.Frame + 200*time.Millisecond
	for now := audio.Period; now <= end; now += audio.Period {
		for len(came) > 0 && came[0].Arrived < now {
			i, said := sent[came[0].Sequence]
			if !said { // the trace is longer than the call
				came = came[1:]
				continue
			}
			j.Push(&audio.Packet{
				Sequence:  came[0].Sequence,
				Timestamp: uint32(i * c.ClockRate.N(c.Frame)),
				Payload:   packets[i],
			})
			came = came[1:]
		}
		j.Pull(period)
		out.PCM = append(out.PCM, period...)
		out.Delays = append(out.Delays, j.Stats().Delay)
	}
	out.Stats = j.Stats()
	return out
}

// Encode packs pcm, at the codec's rate, into packets. loss is what the encoder
// is told of the network.
func Encode(e audio.Encoder, c audio.Codec, pcm []int16, loss float64) ([][]byte, error) {
	e.SetLoss(loss)
	frame := c.Rate.N(c.Frame)
	var packets [][]byte
	buf := make([]byte, audio.MaxPayload)
	for at := 0; at+frame <= len(pcm); at += frame {
		p, err := e.Encode(pcm[at:at+frame], buf)
		if err != nil {
			return nil, fmt.Errorf("packet %d: %w", len(packets), err)
		}
		packets = append(packets, append([]byte(nil), p...))
	}
	return packets, nil
}
