// Package browser is a customer with somebody else's WebRTC: a headless
// Chromium whose page speaks, listens and presses keys.
//
//	Chromium page ══ WebRTC ══▶ peer connection ──▶ audio.Stream of a call
//	     ▲                                            (the relay's other leg)
//	     └── websocket on loopback: description, tone, keys, what it hears
//
// Its sound goes through as it is packed; the browser's encoder, jitter buffer
// and decoder meet the client's. A Browser's Talk is a customer's Sound.
package browser
