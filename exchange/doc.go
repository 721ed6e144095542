// Package exchange is a WhatsApp-compatible network on one machine: a chat
// server, relays, simulated handsets, and parties one can call. The softphone's
// demo runs on it, its end-to-end tests call through it, and other clients can
// be pointed at it.
//
//	          ┌──────────────────────── Exchange ────────────────────────┐
//	client ──▶│ chat (websocket, Noise, stanzas) ── grants ──▶ relay (UDP)│◀── client
//	          │   └ handsets (device 0 of each account)                    │
//	admin  ──▶│ HTTP and JSON on loopback: accounts, handsets, faults …    │
//	          │ parties: lines handed in by main, driven by a behaviour    │
//	          └────────────────────────────────────────────────────────────┘
//
// graph, if it is wanted, is the other network: Meta's side of a business number,
// with customers who call it. Its remote control is below /graph/ of the admin
// API.
//
// chat and relay do not know each other; relays.go joins them. Parties are
// real lines: they use the product's own signalling and media, so what answers
// a call here is what answers calls outside.
package exchange
