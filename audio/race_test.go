//go:build race

package audio_test

func init() { raced = true }
