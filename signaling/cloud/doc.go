// Package cloud is a business number on Meta's Cloud Calling API as a
// phone.Line.
//
//	            Meta                              this package
//	Graph API  <── connect, accept, terminate ──  graph    requests, errors, limits
//	webhooks   ─── offers, answers, endings ───>  webhook  signature, spool, events
//	relay      <══ ICE, DTLS, SRTP, Opus ══════>  rtc      the peer connection as an audio.Stream
//
// Between them: call is the life of one call as a table without clock or I/O,
// sdp checks what is offered and what we offer, and Line joins it all. One
// goroutine, the desk, owns every call; requests run beside it and post what
// came of them.
//
// The far end of the media is always Meta's relay, never the customer's phone:
// sound is decrypted at Meta.
package cloud
