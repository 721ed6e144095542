// Package relay carries the sound of a WhatsApp call over WhatsApp's relays.
//
// A Session opens a leg to every relay of the call's Block while it still
// rings, keeps each leg registered, and is the call's audio.Stream:
//
//	audio ── WritePacket ── e2e.Outbound ──┬── leg ── channel ──▶ relay 1
//	                                       ├── leg ── channel ──▶ relay 2
//	                                       └── …   (election: one, or all)
//	audio ◀─ ReadPacket ─ inbox ─ e2e.Inbound ─ demux ◀─ legs ◀── relays
//
// A channel carries whole messages; there are three kinds, which differ only
// below it: see Transport. Each message is STUN for the relay itself, or SRTP
// or SRTCP, which the relay passes on unread.
package relay
