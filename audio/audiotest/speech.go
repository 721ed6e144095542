package audiotest

import (
	"encoding/binary"
	"os/exec"
	"testing"

	"tring/audio"
)

// Speech is text spoken by espeak-ng in one of its voices ("en-us", "en-gb+f3"),
// at DeviceRate and about -20 dBFS. It skips the test, saying so, where espeak-ng
// is not installed.
func Speech(t testing.TB, voice, text string) []int16 {
	t.Helper()
	wav, err := exec.Command("espeak-ng", "-v", voice, "--stdout", text).Output()
	if err != nil {
		t.Skipf("no speech: espeak-ng: %v", err)
	}
	const header, espeakRate = 44, 22050
	if len(wav) < header || binary.LittleEndian.Uint32(wav[24:]) != espeakRate {
		t.Fatalf("espeak-ng gave %d bytes that are no WAV of %d Hz", len(wav), espeakRate)
	}
	pcm := make([]int16, (len(wav)-header)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(wav[header+2*i:]))
	}
	out := make([]int16, 0, len(pcm)*3)
	for _, s := range resample(pcm, espeakRate, float64(audio.DeviceRate)) {
		out = append(out, clip(s*0.7))
	}
	return out
}
