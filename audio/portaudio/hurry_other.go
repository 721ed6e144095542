//go:build !linux

package portaudio

// Where niceness is the process's own, PortAudio's threads hurry by themselves.
func hurry() {}
func ease()  {}
