package audio_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
)

// speakTo gives a recording span of two tones, ours of 440 Hz and theirs of 1000.
func speakTo(r *audio.Recording, span time.Duration) {
	me, them := audiotest.Sine(440, -12), audiotest.Sine(1000, -20)
	near, far := make([]int16, 480), make([]int16, 480)
	for range int(span / audio.Period) {
		me(near)
		them(far)
		r.Record(near, far)
		time.Sleep(audio.Period)
	}
}

// hearFile plays a file from the beginning to its end.
func hearFile(t *testing.T, path string, codecs audio.Codecs) []int16 {
	t.Helper()
	f, err := audio.OpenFile(path, codecs)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pcm := playFile(t, f, time.Hour)
	if err := f.Err(); err != nil {
		t.Errorf("the file ended early: %v", err)
	}
	return pcm
}

// playFile waits for the disk before each frame, so that none is silence.
func playFile(t *testing.T, f *audio.File, limit time.Duration) []int16 {
	t.Helper()
	var all []int16
	frame := make([]int16, 480)
	for len(all) < audio.DeviceRate.N(limit) {
		synctest.Wait()
		n, err := f.Read(frame)
		all = append(all, frame[:n]...)
		if err != nil {
			break
		}
	}
	return all
}

// only plays one of a recording's two voices and keeps the other silent.
func only(stream int) audio.Codecs {
	made := 0
	return func(c audio.Codec) (audio.Encoder, audio.Decoder, error) {
		e, d, err := opus.New(c)
		made++
		if made-1 == stream {
			return e, d, err
		}
		return e, mute{d}, err
	}
}

type mute struct{ audio.Decoder }

func (m mute) Decode(packet []byte, pcm []int16) (int, error) {
	n, err := m.Decoder.Decode(packet, pcm)
	clear(pcm[:n])
	return n, err
}

func TestARecordedCallHasBothVoicesApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "call.opus")
		r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: opus.New})
		if err != nil {
			t.Fatal(err)
		}
		speakTo(r, 3210*time.Millisecond)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		for stream, want := range []struct{ hz, level float64 }{{440, -12}, {1000, -20}} {
			pcm := hearFile(t, path, only(stream))
			if got := audio.DeviceRate.D(len(pcm)); got != 3210*time.Millisecond {
				t.Errorf("3.21 s were recorded, %v are played", got)
			}
			// The mean of two voices, of which one is silent, is 6 dB down.
			audiotest.WantTone(t, cut(pcm, 500*time.Millisecond, 2500*time.Millisecond), want.hz, want.level-6, 1)
		}
		if s := r.Status(); s.Duration != 3210*time.Millisecond || s.Lost != 0 || s.Bytes < 5000 {
			t.Errorf("the recording says %+v", s)
		}
	})
}

func TestAWAVRecordingIsPlainStereo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "call.wav")
		r, err := audio.StartRecording(audio.RecordingConfig{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		speakTo(r, 2*time.Second)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) != 44+2*48000*4 {
			t.Fatalf("two seconds take %d bytes", len(raw))
		}
		var left, right []int16
		for at := 44; at < len(raw); at += 4 {
			left = append(left, int16(binary.LittleEndian.Uint16(raw[at:])))
			right = append(right, int16(binary.LittleEndian.Uint16(raw[at+2:])))
		}
		audiotest.WantTone(t, left, 440, -12, 0.5)
		audiotest.WantTone(t, right, 1000, -20, 0.5)
	})
}

func TestACrashLeavesAFileThatPlaysToItsLastSecond(t *testing.T) {
	for name, codecs := range map[string]audio.Codecs{"call.opus": opus.New, "call.wav": nil} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: codecs})
			if err != nil {
				t.Fatal(err)
			}
			speakTo(r, 3500*time.Millisecond)
			synctest.Wait()
			torn := path + ".torn"
			raw, _ := os.ReadFile(path) // as a crash would leave it
			if err := os.WriteFile(torn, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			pcm := hearFile(t, torn, opus.New)
			if got := audio.DeviceRate.D(len(pcm)); got < 2500*time.Millisecond {
				t.Errorf("%s: of 3.5 s a crash leaves %v", name, got)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNobodyElseMayReadARecording(t *testing.T) {
	path := filepath.Join(t.TempDir(), "call.wav")
	r, err := audio.StartRecording(audio.RecordingConfig{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	if _, err := audio.StartRecording(audio.RecordingConfig{Path: path}); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second recording to the same file: %v", err)
	}
}

func TestARecordingEndsCleanlyWhenTheDiskIsNearlyFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := uint64(1000)
		path := filepath.Join(t.TempDir(), "call.opus")
		config := audio.RecordingConfig{Path: path, Codecs: opus.New, Floor: 150, Free: func(string) (uint64, error) {
			free -= min(free, 300)
			return free, nil
		}}
		r, err := audio.StartRecording(config)
		if err != nil {
			t.Fatal(err)
		}
		speakTo(r, 5*time.Second)
		<-r.Done()
		if err := r.Close(); !errors.Is(err, audio.ErrDiskFull) {
			t.Errorf("the recording ended with %v", err)
		}
		if got := audio.DeviceRate.D(len(hearFile(t, path, opus.New))); got < time.Second || got > 4*time.Second {
			t.Errorf("%v can be played", got)
		}
		config.Path += "2"
		if _, err := audio.StartRecording(config); err == nil || !strings.Contains(err.Error(), "must stay free") {
			t.Errorf("a full disk: %v", err)
		}
	})
}

func TestADiskThatHangsCostsSilenceNotTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		path := filepath.Join(t.TempDir(), "call.wav")
		checks := 0
		r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Floor: 1, Free: func(string) (uint64, error) {
			if checks++; checks == 2 {
				<-hang
			}
			return 1000, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		speakTo(r, 5*time.Second)
		close(hang)
		speakTo(r, time.Second)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if got := audio.DeviceRate.D(len(hearFile(t, path, nil))); got != 6*time.Second {
			t.Errorf("six seconds became %v", got)
		}
		if lost := r.Status().Lost; lost < 1500*time.Millisecond || lost > 2500*time.Millisecond {
			t.Errorf("%v were lost in a hang of 5 s with a backlog of 3 s", lost)
		}
	})
}

// BenchmarkRecordASecond is a recording of one second, from opening its file to
// closing it.
func BenchmarkRecordASecond(b *testing.B) {
	for name, codecs := range map[string]audio.Codecs{"opus": opus.New, "wav": nil} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "call."+name)
			near := audiotest.Collect(audiotest.Voice(1), 480)
			b.ReportAllocs()
			for b.Loop() {
				r, err := audio.StartRecording(audio.RecordingConfig{Path: path, Codecs: codecs})
				if err != nil {
					b.Fatal(err)
				}
				for range time.Second / audio.Period {
					r.Record(near, near)
				}
				if err := errors.Join(r.Close(), os.Remove(path)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
