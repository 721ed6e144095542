package audio

import "time"

// codecDelay is the look-ahead of Opus (RFC 6716 section 2.1.4 and libopus's
// 2.5 ms delay compensation, together 6.5 ms).
const codecDelay = 6500 * time.Microsecond

// Stats is the session at this moment.
func (s *Session) Stats() Stats {
	device, lost := s.current()
	st := Stats{
		Codec: s.up.codec, Microphone: s.up.meter.Level(), Speaker: s.down.meter.Level(),
		Muted: s.up.mute.muted.Load(), Held: s.up.hold.on.Load(),
		Device: device.Info(), DeviceLost: lost, DeadMicrophone: s.up.meter.Zeros(),
		Network: s.config.Stream.Network(), Jitter: s.down.source.stats(),
		Started: time.Duration(s.periods.Load()) * Period,
		Encoded: s.up.sent.Load(), EncodeFails: s.up.failed.Load(),
	}
	if p, ok := s.config.Processor.(Improver); ok {
		st.Improvement = p.Improvement()
	}
	st.Heard = st.Jitter.Decoded > 0
	st.MouthToEar = st.Codec.Frame + codecDelay + st.Device.InputLatency + st.Device.OutputLatency +
		DeviceRate.D(device.Queued()) + st.Network.RTT/2 + st.Jitter.Delay
	st.MOS = MOS(st.MouthToEar, st.Jitter.Loss, st.Jitter.Recovered > 0)
	return st
}
