package audio_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/opus"
)

func TestAFileIsAsLongAsItPlays(t *testing.T) {
	for name, codecs := range map[string]audio.Codecs{"call.opus": opus.New, "call.wav": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), name)
				r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: codecs})
				if err != nil {
					t.Fatal(err)
				}
				speakTo(r, 3210*time.Millisecond)
				synctest.Wait()
				torn := path + ".torn"
				raw, _ := os.ReadFile(path) // as a crash would leave it
				if err := os.WriteFile(torn, raw, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
				if got, err := audio.Length(path); got != 3210*time.Millisecond || err != nil {
					t.Errorf("3.21 s were recorded, the length is %v, %v", got, err)
				}
				played := audio.DeviceRate.D(len(hearFile(t, torn, opus.New)))
				if got, err := audio.Length(torn); (got-played).Abs() > 60*time.Millisecond || err != nil {
					t.Errorf("a torn file plays %v, its length is %v, %v", played, got, err)
				}
			})
		})
	}
}

func TestTheLengthOfAWAVFileDoesNotDependOnItsForm(t *testing.T) {
	for _, form := range []wavForm{
		{kind: 1, channels: 1, rate: 8000, bits: 8},
		{kind: 3, channels: 2, rate: 22050, bits: 32},
		{kind: 1, channels: 6, rate: 96000, bits: 24},
	} {
		path := filepath.Join(t.TempDir(), "x.wav")
		if err := os.WriteFile(path, form.file(1000, time.Second), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := audio.Length(path); got != time.Second || err != nil {
			t.Errorf("%v: a second is %v long, %v", form, got, err)
		}
	}
}

func TestWhatIsNoSoundHasNoLength(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty.wav": "", "words.txt": "hello", "cut.wav": "RIFF\x00\x00\x00\x00WAVE", "cut.ogg": "OggS\x00"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if d, err := audio.Length(path); err == nil {
			t.Errorf("%s is %v long", name, d)
		}
	}
	if d, err := audio.Length(dir); err == nil {
		t.Errorf("a folder is %v long", d)
	}
}
