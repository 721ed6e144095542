//go:build !linux

package portaudio

func prepare() error { return nil }
