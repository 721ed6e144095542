// Package call is the life of one WhatsApp call as a pure machine: stanzas,
// commands and timers go in, actions come out. It has no clock, no goroutine
// and no network; the line around it carries the actions out.
//
//	stanza ─┐                     ┌─▶ Send      a stanza to build and send
//	command ┼─▶ Input ─▶ table ─▶ ┼─▶ Start     a timer, which comes back as Input
//	timer  ─┘      (rows.go)      ├─▶ Media…    open, start, rekey, close the sound
//	                              └─▶ Tell      what the phone must know
//
// The rows of the table are the specification; the tests are named after them.
// The registry beside it judges offers: which ring, which were missed, which
// were seen before.
package call
