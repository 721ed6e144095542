package portaudio

import (
	"time"

	"tring/audio"
)

// latency is asked of the device: with two periods of 10 ms PortAudio settles
// at three periods for the round trip; less runs dry when the processors are busy.
const latency = 10 * time.Millisecond

// format is how a stream is opened.
type format struct {
	rate     audio.SampleRate
	channels int
}

// frames is one period, the unit in which the callback is called.
func (f format) frames() int { return f.rate.N(audio.Period) }

// formats are tried in this order: our own first, so that nothing is
// converted; then what odd devices insist on.
func formats(channels int, rate float64) []format {
	odd := audio.SampleRate(rate)
	try := []format{{audio.DeviceRate, 1}, {audio.DeviceRate, 2}, {odd, 1}, {odd, 2}}
	if channels > 2 {
		try = append(try, format{audio.DeviceRate, channels}, format{odd, channels})
	}
	return try
}
