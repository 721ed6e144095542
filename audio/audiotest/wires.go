package audiotest

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tring/audio"
)

// The wires of a SoundServer in the order in which Listen returns them.
const (
	MouthA = iota
	SpeakerA
	MouthB
	SpeakerB
)

// Say plays pcm to a sink of the server, over and over until ctx ends, in a
// process of its own. It returns at once.
func (s *SoundServer) Say(ctx context.Context, sink string, pcm []int16) {
	s.t.Helper()
	cmd := s.command(ctx, "pacat", "--playback", "--device="+sink, "--raw", "--format=s16le", "--rate=48000", "--channels=1", "--latency-msec=40")
	cmd.Stdin = &loop{pcm: littleEndian(pcm)}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// Listen records all four wires for a while, on one sample clock.
func (s *SoundServer) Listen(span time.Duration) [4][]int16 {
	s.t.Helper()
	cmd := s.command(context.Background(), "parec", "--device=wires.monitor", "--raw", "--format=s16le", "--rate=48000",
		"--channels=4", "--channel-map=aux0,aux1,aux2,aux3", "--latency-msec=40")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	raw := make([]byte, audio.DeviceRate.N(span)*8)
	_, err = io.ReadFull(out, raw)
	cmd.Process.Kill()
	cmd.Wait()
	if err != nil {
		s.t.Fatalf("the wires were not heard: %v", err)
	}
	var wires [4][]int16
	for i := 0; i < len(raw); i += 2 {
		wire := i / 2 % 4
		wires[wire] = append(wires[wire], int16(binary.LittleEndian.Uint16(raw[i:])))
	}
	return wires
}

func (s *SoundServer) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "PULSE_SERVER=unix:"+filepath.Join(s.Dir, "native"))
	return cmd
}

func littleEndian(pcm []int16) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, pcm)
	return b.Bytes()
}

// loop reads the same sound for ever.
type loop struct {
	pcm []byte
	at  int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.pcm[l.at:])
	l.at = (l.at + n) % len(l.pcm)
	return n, nil
}
