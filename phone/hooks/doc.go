// Package hooks tells other programs of events: a command per event, and
// signed webhooks.
//
// Neither can delay the phone: both read the stored events at their own pace.
// A webhook remembers the last event that was delivered, so that nothing is
// lost when the program is killed, and nothing has to be written twice: the
// event log itself is the queue.
package hooks
