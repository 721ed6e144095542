// Package audio is the sound of a call: frames, stages, the jitter buffer and
// the session that joins a device, a codec and a stream. It is pure Go; the
// libraries written in C stand in its sub-packages, which only main and tests
// import.
//
//	microphone ─ echo ─ gain ─ meter ─ mute ─ player ─ hold ─ resample ─ encode ─ Stream
//	speaker ─ meter ─ volume ─ tones ─ hold ─ resample ─ stretch ─ conceal/decode ─ jitter ─ Stream
//
// The sound card's clock rules and everything pulls. Samples are int16, mono,
// and in the steady state of a call nothing allocates per frame.
package audio
