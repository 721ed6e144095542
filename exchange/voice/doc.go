// Package voice is what the parties of an exchange say: tones, speech made by
// a small formant synthesiser, and their own ear. Everything is mono at
// audio.DeviceRate, computed, never recorded.
package voice
