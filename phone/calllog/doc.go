// Package calllog keeps the phone's calls, events and people in one SQLite
// file: phone.Store on disk.
//
// A write has returned only when the operating system has it (write-ahead log,
// one transaction for a call and the event that tells of it): killing the
// program at any moment loses nothing that anybody was told. After every ended
// call and every text the write-ahead log is also forced to the disk, away from
// the phone's goroutine, so that a power cut costs the last moments at most and
// never the file. Once it is large it is moved into the file and cut to nothing.
//
//	calls   one row a call: what people ask for as columns, the whole as JSON
//	events  one row an event, for replay
//	people  what we wrote down about people
//
// Times are stored as UTC milliseconds, with the zone offset of the moment
// beside the start of the call.
package calllog
