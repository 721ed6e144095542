// Package stanza reads and writes the stanzas of WhatsApp's call signalling:
// <call> with its children, the acks and receipts that answer them, and the
// blocks that travel inside (relay, capability, voip_settings).
//
// It is pure: no clock, no network, no state. What arrives is untrusted;
// Parse bounds and checks it, and never panics. What leaves is built in the
// exact order that the network enforces (a wrong order is refused with 439).
//
//	offer ─▶ ack(relay) ─▶ receipt ─▶ preaccept ─▶ accept ─▶ transport, mute_v2
//	… relaylatency, heartbeat … ─▶ terminate ─▶ duration
//
// Evidence: captures of WhatsApp Web published in Auties00/Cobalt, and
// oxidezap/whatsapp-rust (wacore/src/stanza/call.rs), purpshell/meowcaller.
package stanza
