// Package chat is the chat server of the exchange: what WhatsApp clients
// connect to. It links them to simulated handsets, logs them in, routes
// messages, receipts, presence and calls between devices, and is strict: what
// the real network would refuse it refuses, counts and names.
//
//	websocket ─ frames ─ Noise ─ stanza ─┐                    ┌─ websocket
//	   (conn.go, chat/noise)             ├─ router ─ device ──┤
//	handset (device 0, in process) ──────┘  (route_*.go)      └─ handset
//
// One lock, Server.mu, guards accounts, devices and calls. The stanzas of one
// connection are handled strictly in order on its reading goroutine; sending
// puts a stanza into the device's queue and never waits. A stanza that must
// arrive stays in the device's pending list until it is acknowledged.
package chat
