// Package hook sends webhooks as Meta does: signed over the bytes of the body,
// again after a failure, sometimes twice, in the wrong order, or in a shape
// that the documentation does not show.
//
// An Event is one change. The Sender keeps events until they are due, signs and
// delivers them one after another, and keeps what came of it. What goes wrong
// is set with Faults; what nobody but an attacker would send, with Forge.
package hook
