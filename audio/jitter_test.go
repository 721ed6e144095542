package audio

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// toy is a codec whose packets are samples: what goes wrong between packets is
// the buffer's doing alone. It remembers what it decoded.
var toyCodec = Codec{Name: "toy", PayloadType: 96, ClockRate: 16000, Rate: 16000, Frame: 20 * time.Millisecond}

type toy struct {
	decoded []uint16 // sequence numbers
	fec     bool     // packets carry their predecessor
}

var errToy = errors.New("not a toy packet")

func (d *toy) Decode(p []byte, pcm []int16) (int, error) {
	if len(p) < 4 {
		return 0, errToy
	}
	d.decoded = append(d.decoded, binary.LittleEndian.Uint16(p))
	return unpackToy(p[2:], pcm), nil
}

func (d *toy) DecodeFEC(p []byte, pcm []int16) (int, error) {
	// The copy is the predecessor itself: a sine goes on one frame earlier.
	first := binary.LittleEndian.Uint16(p)
	return toySine(int(first)-1, pcm), nil
}

func (d *toy) HasFEC([]byte) bool { return d.fec }

// Conceal goes on with the sine and fades, as decoders do.
func (d *toy) Conceal(pcm []int16) (int, error) {
	toySine(int(d.last())+1, pcm)
	for i := range pcm {
		pcm[i] = int16(float64(pcm[i]) * (1 - 0.2*float64(i)/float64(len(pcm))))
	}
	return len(pcm), nil
}

func (d *toy) last() uint16 {
	if len(d.decoded) == 0 {
		return 0
	}
	return d.decoded[len(d.decoded)-1]
}

func (d *toy) Duration(p []byte) (int, error) {
	if len(p) < 4 || len(p)%2 != 0 {
		return 0, errToy
	}
	return (len(p) - 2) / 2, nil
}

func unpackToy(b []byte, pcm []int16) int {
	n := min(len(b)/2, len(pcm))
	for i := range n {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return n
}

const toyHz = 200

// toySine is frame i of a sine that begins with frame 0.
func toySine(i int, pcm []int16) int {
	frame := toyCodec.Rate.N(toyCodec.Frame)
	for k := range pcm {
		pcm[k] = int16(math.Round(10000 * math.Sin(2*math.Pi*toyHz*float64(i*frame+k)/float64(toyCodec.Rate))))
	}
	return len(pcm)
}

func toyPacket(seq int) *Packet {
	var pcm [320]int16
	toySine(seq, pcm[:])
	p := &Packet{Sequence: uint16(seq), Timestamp: uint32(seq * len(pcm)), Payload: make([]byte, 2+2*len(pcm))}
	binary.LittleEndian.PutUint16(p.Payload, p.Sequence)
	for i, v := range pcm {
		binary.LittleEndian.PutUint16(p.Payload[2+2*i:], uint16(v))
	}
	return p
}

// line runs a buffer by hand: a packet every frame, two Pulls in between.
type line struct {
	j   *Jitter
	dec *toy
	out []int16
}

func newLine() *line {
	dec := &toy{}
	return &line{j: NewJitter(toyCodec, dec), dec: dec}
}

// run sends n packets from seq on, each when after says, counted in Pulls from
// its own time; a negative one is lost.
func (l *line) run(seq, n int, after func(seq int) int) {
	due := map[int][]int{}
	for i := range n {
		if late := after(seq + i); late >= 0 {
			due[2*i+late] = append(due[2*i+late], seq+i)
		}
	}
	for tick := range 2 * n {
		for _, s := range due[tick] {
			l.j.Push(toyPacket(s))
		}
		l.pull()
	}
}

func (l *line) pull() {
	var pcm [160]int16
	l.j.Pull(pcm[:])
	l.out = append(l.out, pcm[:]...)
}

func onTime(int) int { return 0 }

func TestPacketsOnTimeArePlayedAtOnceAndUnchanged(t *testing.T) {
	l := newLine()
	l.run(0, 200, onTime)
	want := make([]int16, 320)
	for i := range 200 {
		toySine(i, want)
		if !slices.Equal(l.out[i*320:(i+1)*320], want) {
			t.Fatalf("packet %d was changed or late", i)
		}
	}
	if s := l.j.Stats(); s.Concealed+s.Stretched+s.Compressed+s.Lost+s.Late != 0 || s.Delay != 0 {
		t.Errorf("a clean line is meddled with: %+v", s)
	}
}

func TestNoMoreThanOneFrameIsInHandOnACleanLine(t *testing.T) {
	l := newLine()
	for i := range 500 {
		l.j.Push(toyPacket(i))
		for range 2 {
			l.pull()
			if held := l.j.playout.waiting() + l.j.shelf.count*l.j.frame; held > l.j.frame {
				t.Fatalf("packet %d: %d samples in hand, want at most %d", i, held, l.j.frame)
			}
		}
	}
}

func TestPacketsAreDecodedInOrderWhateverOrderTheyComeIn(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		l := newLine()
		l.run(65000, 1500, func(int) int { // across the wrap-around
			if r.IntN(20) == 0 {
				return -1
			}
			return r.IntN(12)
		})
		for i := 1; i < len(l.dec.decoded); i++ {
			if int16(l.dec.decoded[i]-l.dec.decoded[i-1]) <= 0 {
				t.Fatalf("seed %d: packet %d decoded after %d", seed, l.dec.decoded[i], l.dec.decoded[i-1])
			}
		}
		s := l.j.Stats()
		if got := s.Decoded + s.Late + uint64(l.j.shelf.count); got != s.Received {
			t.Errorf("seed %d: of %d packets %d are accounted for", seed, s.Received, got)
		}
	}
}

func TestEverySampleHandedOutIsAccountedFor(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		l := newLine()
		l.run(0, 1000, func(int) int { return r.IntN(10) - 1 })
		if got := int(l.j.Stats().Played); got != len(l.out) {
			t.Errorf("seed %d: %d samples handed out, %d counted", seed, len(l.out), got)
		}
		if l.j.stats.Concealed > l.j.stats.Played+uint64(l.j.playout.waiting()) {
			t.Errorf("seed %d: more concealed than played", seed)
		}
	}
}

func TestDuplicatesAreCountedAndNotPlayed(t *testing.T) {
	l := newLine()
	for i := range 100 {
		l.j.Push(toyPacket(i))
		l.j.Push(toyPacket(i))
		l.pull()
		l.pull()
	}
	if s := l.j.Stats(); s.Duplicate+s.Late != 100 || s.Decoded != 100 {
		t.Errorf("%d duplicates and %d late of 100, %d decoded", s.Duplicate, s.Late, s.Decoded)
	}
}

func TestALatePacketStillUpdatesTheDecoder(t *testing.T) {
	l := newLine()
	l.run(0, 100, onTime)
	l.run(100, 100, func(seq int) int {
		if seq == 150 {
			return 1 // half a frame late: concealed by then, its successor not yet here
		}
		return 0
	})
	if !slices.Contains(l.dec.decoded, 150) {
		t.Error("the late packet never reached the decoder")
	}
}

func TestWhereEveryPacketComesOnePacketLateTheDelayGrowsAndSoundReturns(t *testing.T) {
	for late := 1; late <= 4; late++ { // in half packets
		l := newLine()
		l.run(0, 100, onTime)
		l.run(100, 50, func(int) int { return late })
		before := l.j.Stats()
		l.run(150, 100, func(int) int { return late })
		after := l.j.Stats()
		if invented := after.Concealed - before.Concealed; invented*20 > after.Played-before.Played {
			t.Errorf("%d half packets late: %d of %d samples were still invented after a second", late, invented, after.Played-before.Played)
		}
	}
}

func TestALostPacketIsRestoredFromItsSuccessor(t *testing.T) {
	l := newLine()
	l.dec.fec = true
	l.run(0, 1500, func(seq int) int {
		if seq%20 == 7 {
			return -1
		}
		return 0
	})
	s := l.j.Stats()
	if s.Recovered < 65 || s.Lost != 75 {
		t.Errorf("of %d lost packets %d were restored, want nearly all of 75", s.Lost, s.Recovered)
	}
	if s.Delay < 15*time.Millisecond || s.Delay > 35*time.Millisecond {
		t.Errorf("waiting for copies costs %v, want about a frame", s.Delay)
	}
}

func TestASenderThatStartsOverIsFollowedAfterTwoPackets(t *testing.T) {
	l := newLine()
	l.run(0, 100, onTime)
	l.run(40000, 100, onTime)
	s := l.j.Stats()
	if s.Resyncs != 1 || s.Dropped != 1 || s.Decoded != 199 {
		t.Errorf("resyncs %d, dropped %d, decoded %d; want 1, 1, 199", s.Resyncs, s.Dropped, s.Decoded)
	}
	if s.Delay > 2*Period {
		t.Errorf("delay afterwards is %v", s.Delay)
	}
}

func TestOnePacketFromFarAwayChangesNothing(t *testing.T) {
	l := newLine()
	for i := range 300 {
		if i%50 == 25 {
			l.j.Push(toyPacket(30000 + i*7))
		}
		l.j.Push(toyPacket(i))
		l.pull()
		l.pull()
	}
	if s := l.j.Stats(); s.Decoded != 300 || s.Concealed != 0 || s.Dropped != 6 {
		t.Errorf("decoded %d, concealed %d, dropped %d; want 300, 0, 6", s.Decoded, s.Concealed, s.Dropped)
	}
}

func TestAJumpOfTheSendersClockIsNotWaitedFor(t *testing.T) {
	for _, jump := range []uint32{16000 * 60, 1 << 31, ^uint32(16000 * 60)} {
		l := newLine()
		l.run(0, 50, onTime)
		for i := 50; i < 150; i++ {
			p := toyPacket(i)
			p.Timestamp += jump
			l.j.Push(p)
			l.pull()
			l.pull()
		}
		if s := l.j.Stats(); s.Decoded < 148 || s.Delay > 3*Period || s.Concealed > 640 {
			t.Errorf("jump %d: decoded %d, delay %v, concealed %d", jump, s.Decoded, s.Delay, s.Concealed)
		}
	}
}

func TestAPauseOfTheSenderIsFilledWithComfortNoise(t *testing.T) {
	l := newLine()
	l.run(0, 100, onTime)
	for range 200 { // two seconds without packets, as with DTX
		l.pull()
	}
	s := l.j.Stats()
	if s.Quiet < 1700*time.Millisecond || s.Lost != 0 {
		t.Errorf("quiet for %v, %d lost; want 1.8 s, 0", s.Quiet, s.Lost)
	}
	tail := l.out[len(l.out)-1600:]
	if level := rms(tail); level == 0 || level > maxFloor {
		t.Errorf("the pause sounds at an RMS of %.1f, want comfort noise", level)
	}
	for i := 100; i < 200; i++ { // the sequence goes on, the clock has moved
		p := toyPacket(i)
		p.Timestamp += 200 * 160
		l.j.Push(p)
		l.pull()
		l.pull()
	}
	if s := l.j.Stats(); s.Delay > Period || s.Quiet != 0 {
		t.Errorf("after the pause the delay is %v, quiet %v", s.Delay, s.Quiet)
	}
}

func TestClocksThatDifferAreFollowedForTenMinutes(t *testing.T) {
	for _, ppm := range []float64{-200, 200} {
		l := newLine()
		sent, most := 0, time.Duration(0)
		for tick := range 10 * 60 * 100 {
			for float64(sent)*2 <= float64(tick)*(1+ppm/1e6) {
				l.j.Push(toyPacket(sent))
				sent++
			}
			l.pull()
			most = max(most, l.j.Stats().Delay)
		}
		s := l.j.Stats()
		if s.Decoded < uint64(sent)-2 || most > 2*toyCodec.Frame {
			t.Errorf("%v ppm: %d of %d packets played, at most %v behind", ppm, s.Decoded, sent, most)
		}
		if share := float64(s.Concealed) / float64(s.Played); share > 0.001 {
			t.Errorf("%v ppm: %.2f %% of the sound was invented", ppm, 100*share)
		}
	}
}

// click is the worst discontinuity in dB below the tone's level: what remains
// of a sine, after everything that fits its recurrence is taken out, in any
// millisecond.
func click(pcm []int16) float64 {
	turn := 2 * math.Cos(2*math.Pi*toyHz/float64(toyCodec.Rate))
	tone, worst := 0.0, 0.0
	for _, v := range pcm {
		tone += float64(v) * float64(v) / float64(len(pcm))
	}
	residue := 0.0
	squares := make([]float64, len(pcm))
	for i := 2; i < len(pcm); i++ {
		e := float64(pcm[i]) - turn*float64(pcm[i-1]) + float64(pcm[i-2])
		squares[i] = e * e / 16
		residue += squares[i]
		if i >= 16 {
			residue -= squares[i-16]
		}
		worst = max(worst, residue)
	}
	return 10 * math.Log10(worst/tone)
}

func TestNothingClicks(t *testing.T) {
	for name, after := range map[string]func(r *rand.Rand) func(int) int{
		"jitter": func(r *rand.Rand) func(int) int { return func(int) int { return r.IntN(6) } },
		"loss": func(r *rand.Rand) func(int) int {
			return func(int) int { return min(0, r.IntN(20)-1) }
		},
		"jitter that comes and goes": func(r *rand.Rand) func(int) int {
			return func(seq int) int {
				if seq/200%2 == 1 {
					return r.IntN(8)
				}
				return 0
			}
		},
		"stall": func(*rand.Rand) func(int) int {
			return func(seq int) int {
				if seq >= 500 && seq < 504 {
					return 2 * (504 - seq)
				}
				return 0
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLine()
			l.run(0, 50, onTime)
			l.run(50, 1000, after(rand.New(rand.NewPCG(1, 1))))
			s := l.j.Stats()
			t.Logf("worst discontinuity %.1f dB, concealed %d, stretched %d, compressed %d", click(l.out), s.Concealed, s.Stretched, s.Compressed)
			if s.Concealed+s.Stretched+s.Compressed == 0 {
				t.Error("nothing was concealed or stretched: the test shows nothing")
			}
			if got := click(l.out); got > -40 {
				t.Errorf("the worst discontinuity is %.1f dB below the tone, want 40", -got)
			}
		})
	}
}

func FuzzJitter(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 254, 128})
	f.Add([]byte{1, 0, 0, 1, 0, 1, 0xFF, 0xFF, 9, 2, 0, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		l := newLine()
		seq, clock := uint16(0), uint32(0)
		script = script[:min(len(script), 2000)]
		for len(script) >= 4 {
			op, arg := script[0], binary.LittleEndian.Uint16(script[1:])
			size := int(script[3])
			script = script[4:]
			switch op % 5 {
			case 0:
				seq, clock = seq+1, clock+320
			case 1:
				seq += arg
			case 2:
				clock += uint32(arg) << (op >> 3)
			case 3:
				for range op >> 3 {
					l.pull()
				}
			}
			l.j.Push(&Packet{Sequence: seq, Timestamp: clock, Payload: make([]byte, size*8)})
			l.pull()
			if s := l.j.Stats(); s.Delay < 0 || s.Target < 0 || s.Target > 2*maxTarget {
				t.Fatalf("delay %v, target %v", s.Delay, s.Target)
			}
		}
		if l.j.playout.waiting() > len(l.j.playout.buf)-l.j.playout.history {
			t.Fatal("more waits than there is room for")
		}
	})
}
