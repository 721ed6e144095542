// Package relay is the media side of the exchange: UDP relays that two phones
// of one call meet on, because neither can reach the other.
//
// A Cluster opens some relays and hands out a Grant per call: keys, tokens and
// addresses for both sides. A phone proves its token on a relay and from then
// on every media packet it sends there leaves towards the other side of the
// same call on the same relay, byte for byte. The relay holds no media key.
//
//	          ┌──────────────── Relay (one UDP socket) ───────────────┐
//	phone ──▶ │ demultiplex ─ ICE check (answer)                       │
//	          │             └ DTLS ─ SCTP ─ message ─ STUN (answer)    │
//	          │                                     └ media ─ route ───┼─▶ other phone
//	          └────────────────────────────────────────────────────────┘
//
// What is pure: stun.go (bytes), route.go (who hears whom), lease.go (who has
// stopped proving itself), path.go (loss, delay, rate). The rest is a shell
// around pion's DTLS and SCTP.
//
// Wire evidence: oxidezap/whatsapp-rust, vinikjkkj/zapo, purpshell/meowcaller;
// STUN is RFC 5389, ICE-lite RFC 8445, the data channel RFC 8831.
package relay
