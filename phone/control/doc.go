// Package control lets other programs use a running phone: a Unix socket that
// speaks JSON, one object per line.
//
// The server greets with {"tring":1,"pid":…,"profile":…}; 1 is the version of
// this protocol and grows only when an old client would misread it. A request
// is {"id":7,"do":"call","with":{"who":"+44…"}}; its answer carries the same
// id and either "result" or "error":{"code":…,"message":…}. The request
// "events" is answered by one {"id":…,"event":{…}} for every event until the
// connection ends. Schema describes all of it, docs/control.md explains it.
//
// What cannot be read, or names a field that the request does not have, is
// answered by an error object and changes nothing. A line longer than MaxLine
// ends the connection. A client that does not read is dropped, and the phone
// never waits for one.
package control
