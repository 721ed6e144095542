// Package leg is the media relay's side of a business call: what stands where
// Meta's relay stands, an ICE-lite WebRTC endpoint that speaks Opus at 48 kHz.
//
//	client ══ ICE, DTLS, SRTP ══▶ wire ──▶ peer connection ──▶ line ──▶ customer
//	                              │ guard: what may pass, and when
//	                              └ ledger: what the client's RTP looks like
//
// The wire is the leg's UDP socket and sees every datagram, the guard decides
// what the relay takes notice of, the ledger keeps what was wrong. The line is
// the customer's end, an audio.Stream.
//
// Descriptions are written here, not by the WebRTC library: they have the form
// of live traffic (Live) or of the documentation (Documented). What a client
// describes is read as strictly as the relay reads it (Lint).
package leg
