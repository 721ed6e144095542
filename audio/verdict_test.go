package audio

import "testing"

func TestAPacketIsOursIfItLastsAsLongAsTheSendersClockSays(t *testing.T) {
	type packet struct {
		seq, time int64
		samples   int
		first     byte
		mine      bool
	}
	for name, packets := range map[string][]packet{
		"60 ms as agreed":         {{1, 960, 960, 0x58, true}, {2, 1920, 960, 0x58, true}},
		"two frames in a packet":  {{1, 0, 1920, 0x59, true}, {2, 1920, 1920, 0x59, true}},
		"20 ms once it is proven": {{1, 320, 320, 0x48, false}, {2, 640, 320, 0x48, true}, {9, 8000, 320, 0x48, true}},
		"across a loss":           {{1, 0, 960, 0x58, true}, {4, 2880, 960, 0x58, true}},
		"out of order":            {{3, 960, 320, 0x48, false}, {2, 640, 320, 0x48, true}},
		"MLow speech":             {{1, 0, 640, 0x50, false}, {2, 960, 640, 0x10, false}, {3, 1920, 1280, 0x12, false}},
		"MLow of 20 ms":           {{1, 0, 320, 0x48, false}, {2, 960, 320, 0x48, false}},
		"MLow's silence":          {{1, 0, 160, 0x90, false}, {2, 960, 160, 0x90, false}},
		"not to be told":          {{1, 0, 0, 0x53, false}, {2, 960, 0, 0x53, false}},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict{frame: 960}
			for _, p := range packets {
				if got := v.mine(p.seq, p.time, p.samples, p.first); got != p.mine {
					t.Errorf("packet %d of %d samples: mine %v, want %v", p.seq, p.samples, got, p.mine)
				}
			}
		})
	}
}

func TestFiveVoicedPacketsOfAnotherCodecAreAMismatch(t *testing.T) {
	v := verdict{frame: 960}
	for i := range int64(20) { // silence in between neither proves nor disproves
		v.mine(2*i, 1920*i, 640, 0x50)
		v.mine(2*i+1, 1920*i+960, []int{160, 960}[i%2], 0x90)
		if got, want := v.mismatch(), i >= 4; got != want {
			t.Errorf("after %d voiced packets: mismatch %v, want %v", i+1, got, want)
		}
	}
	v.mine(40, 40*960, 960, 0x58)
	if v.mismatch() {
		t.Error("still a mismatch after a packet of ours")
	}
}
