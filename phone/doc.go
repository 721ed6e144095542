// Package phone is the controller of the softphone and its vocabulary.
//
// A Phone owns lines and calls. Commands from people, events from lines and
// timers meet in one goroutine; each becomes an Input, the table in state.go
// decides the next State, the action follows, and an Event leaves. Nothing
// else changes a call.
//
//	ui, commands, socket ── commands ──▶ Phone ──▶ Line, Leg (signaling/…)
//	        ▲                              │  ▲              │
//	        └────────── Event ─────────────┘  └── LineEvent ─┘
//
// The words are telephony's: a network's own words stay in its own folder.
package phone
