package audio

import "testing"

func TestNumbersGoOnBeyondTheirWrapAround(t *testing.T) {
	var o order
	first, start, _ := o.place(&Packet{Sequence: 65530, Timestamp: 1<<32 - 5*320})
	for i := range int64(20) {
		seq, clock, as := o.place(&Packet{Sequence: uint16(65530 + i), Timestamp: uint32(1<<32 - 5*320 + 320*i)})
		if as != inOrder || seq != first+i || clock != start+320*i {
			t.Fatalf("packet %d is placed at %d, %d (%v)", i, seq-first, clock-start, as)
		}
	}
	if seq, clock, _ := o.place(&Packet{Sequence: 65530, Timestamp: 1<<32 - 5*320}); seq != first || clock != start {
		t.Errorf("the first one again is placed at %d, %d", seq-first, clock-start)
	}
}

func TestOnlyTwoSuccessivePacketsMakeANewBeginning(t *testing.T) {
	for name, s := range map[string]struct {
		numbers []uint16
		want    placing // of the last
	}{
		"a small jump":            {[]uint16{10, 100}, inOrder},
		"one far away":            {[]uint16{10, 30000}, unbelievable},
		"two far away, unrelated": {[]uint16{10, 30000, 40000}, unbelievable},
		"two in succession":       {[]uint16{10, 30000, 30001}, startedOver},
		"interrupted":             {[]uint16{10, 30000, 11, 30001}, unbelievable},
		"far back":                {[]uint16{10000, 10, 11}, startedOver},
	} {
		t.Run(name, func(t *testing.T) {
			var o order
			var as placing
			for _, n := range s.numbers {
				_, _, as = o.place(&Packet{Sequence: n})
			}
			if as != s.want {
				t.Errorf("%v end as %v, want %v", s.numbers, as, s.want)
			}
		})
	}
}
