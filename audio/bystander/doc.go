// Package bystander starts programs that have no part in a call: hooks, lookups,
// viewers, the sound server's own tool.
//
// While a sound device is open, the whole program goes before others, and while
// one is being opened, its environment steers the sound server (both are
// audio/portaudio's doing). Children inherit either. What is started here runs
// as this program was started.
package bystander
