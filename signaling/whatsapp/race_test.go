//go:build race

package whatsapp_test

// raceDetector: the library replaces a client's store without a lock when its
// link is removed, which the race detector rightly reports.
const raceDetector = true
