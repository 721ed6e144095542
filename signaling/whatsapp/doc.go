// Package whatsapp is a personal line: a linked companion device that places
// and answers WhatsApp calls. It implements phone.Line on go.mau.fi/whatsmeow,
// which carries the connection, the pairing and the Signal encryption; the
// calls are ours.
//
//	Line ── Run, Dial, Link … ─────────────────────────────┐
//	  │                                                    ▼
//	session ── whatsmeow.Client ── tap ──▶ Signal, Ack ─▶ board ─▶ call.Call (pure)
//	  ▲                                                    │  ▲
//	  └──────────── outbox ◀── Send ───────────────────────┘  └── relay.Session
//
// One goroutine, the board's, owns all calls. stanza builds and reads what goes
// over the wire, call decides what follows from it; both are pure. The session
// is the only place that knows whatsmeow.
package whatsapp
