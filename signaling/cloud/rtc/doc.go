// Package rtc is the sound of one business call: a WebRTC peer connection with
// Meta's relay as an audio.Stream.
//
//	WritePacket ─> gate ─> track ─> SRTP ─> relay        nothing before the call is accepted,
//	beat ────────────┘ fills gaps                        no gap afterwards
//	ReadPacket <─ inbox <─ gate <─ header <─ SRTP <─ relay
//	                        └─ keypad digits (RFC 4733)
//
// What Meta demands of a peer, and what pion does by default, differ in more
// than a dozen points; engine.go is where they meet.
package rtc
