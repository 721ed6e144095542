// Package graph is Meta's side of a business number on one machine: the Graph
// API's calls, messages, permissions and settings, the webhooks, the relay, and
// the phones of the customers.
//
//	             ┌───────────────────── Server ─────────────────────┐
//	business ───▶│ web: versions, tokens, strict checks, errors      │
//	         ◀───│ hook: signed webhooks, retries, disorder          │◀── Handset: calls,
//	         ═══▶│ leg: ICE-lite, DTLS, SRTP, Opus, keypad digits    │◀══ answers, speaks,
//	control ────▶│ Control: JSON for other programs                  │    hears, permits
//	             └───────────────────────────────────────────────────┘
//
// It is as strict as Meta is said to be: what a client must not do is refused
// with the documented error, or taken down in the call's Report. What is only
// said of Meta, and not sure, can be changed in Options.
//
// A call is a table of states (call.go) under the server's one lock; media and
// webhooks run beside it. browser is a second kind of customer: a real browser
// with its own WebRTC.
package graph
