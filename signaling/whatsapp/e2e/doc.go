// Package e2e is the end-to-end protected sound of a WhatsApp call: which keys
// and stream numbers two devices derive from a call's key, how one Opus frame
// becomes an SRTP packet and back, and the reports that travel beside it.
//
//	frame ── Outbound ── RTP header ── SRTP ──▶ relay
//	frame ◀─ Inbound ─── RTP header ── SRTP ──  relay
//	             └─ Reception ── RTCP report ── Outbound
//
// It is pure: no clock, no goroutine, no network. A relay sees only what
// leaves here and can read none of it.
package e2e
