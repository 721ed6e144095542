package audio

// RunPeriod runs one turn of the audio loop, for benchmarks.
func (s *Session) RunPeriod(near, far []int16) { s.period(near, far) }

// Received hands a packet in as if it had come from the stream.
func (s *Session) Received(p *Packet) { s.down.source.push(p) }
