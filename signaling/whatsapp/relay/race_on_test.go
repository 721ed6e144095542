//go:build race

package relay

// raced says that the race detector is on, under which pion's pools allocate.
const raced = true
