// Package speex improves the microphone with libspeexdsp: it takes the far
// end's echo and the room's noise out of it and brings the voice to an even
// loudness. The library cannot do its work alone: its adaptive filter covers a
// short time and one clock. So the far end is first brought to where its echo
// will be.
//
//	far ── lower to 16 kHz ── memory ──────── aligned ─┐ (read late by the delay,
//	                            │                      │  a little faster or slower
//	                       ┌─ finder ─ tracker ────────┤  by the drift)
//	                       │  (delay)  (delay, drift)  │
//	near ─ lower to 16 kHz ┴────────────── echo cancel ┴─ noise, gain ─ raise ── near
//
// finder and tracker are pure Go and measure: nobody has to know what the
// devices and the air between them take.
package speex
