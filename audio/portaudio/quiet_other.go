//go:build !linux

package portaudio

// quiet has nothing to do: only ALSA and JACK print.
func quiet() {}
