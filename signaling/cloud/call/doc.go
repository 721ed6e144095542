// Package call is the life of one call with Meta as a table and a few rules:
// inputs in, actions out. It has no clock, no goroutine and no I/O; timers are
// actions that come back as inputs.
//
//	they call    Ringing ─Answer─> Answering ─(path stands)─> Accepting ─Accepted─> Active
//	we call      Dialing ─Alerting─> Alerting ─Taken─> Active
//	             any living state ─Over, Release, a failure─> Ended
//
// Sound may pass in Active only: a packet before that answers the call at the
// customer's end and loses the first words.
package call
