// Package keystore keeps what a simulated handset must remember: its Signal
// identity, prekeys and sessions, and the keys and hashes of its app state.
// Everything is in memory and can be written out and read back as JSON.
package keystore
