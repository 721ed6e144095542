package leg

import (
	"testing"
	"time"

	"github.com/pion/rtp"
)

func packet(t testing.TB, h rtp.Header) []byte {
	h.Version = 2
	b, err := (&rtp.Packet{Header: h, Payload: []byte{1, 2, 3}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheLedgerCountsWhatIsWrong(t *testing.T) {
	var l ledger
	now := time.Unix(0, 0)
	put := func(h rtp.Header) { l.note(packet(t, h), 111, 126, now) }
	put(rtp.Header{PayloadType: 111, SequenceNumber: 65534, Timestamp: 0, SSRC: 1})
	put(rtp.Header{PayloadType: 111, SequenceNumber: 65535, Timestamp: 960, SSRC: 1})
	put(rtp.Header{PayloadType: 126, SequenceNumber: 0, Timestamp: 960, SSRC: 1})
	put(rtp.Header{PayloadType: 111, SequenceNumber: 1, Timestamp: 1920, SSRC: 1})
	if l.lost != 0 || l.offBeat != 0 || l.unknown != 0 || len(l.sources) != 1 || l.digits != 1 {
		t.Fatalf("a good stream gives %+v", l)
	}
	put(rtp.Header{PayloadType: 111, SequenceNumber: 4, Timestamp: 4800, SSRC: 1})
	put(rtp.Header{PayloadType: 111, SequenceNumber: 5, Timestamp: 5000, SSRC: 2})
	put(rtp.Header{PayloadType: 9, SequenceNumber: 6, SSRC: 2})
	if l.lost != 2 || l.offBeat != 1 || l.unknown != 1 || len(l.sources) != 2 {
		t.Errorf("a bad stream gives %+v", l)
	}
}

func TestTheGuardKnowsWhatMayPass(t *testing.T) {
	start := time.Unix(100, 0)
	hello := make([]byte, 20)
	hello[0], hello[13] = 22, 1
	var g guard
	g.hellos = 1
	if g.admit([]byte{0, 1}, start) || g.deaf != 1 {
		t.Error("a check passed before the relay listened")
	}
	g.listens = start
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"the first hello is lost", hello, false},
		{"the second is not", hello, true},
		{"early media", []byte{128, 111}, false},
		{"early reports", []byte{128, 200}, true},
		{"nothing", nil, false},
		{"TURN channels", []byte{64, 0}, false},
	} {
		if g.admit(c.b, start) != c.want {
			t.Errorf("%s: not %t", c.name, c.want)
		}
	}
	if g.opened = start; !g.admit([]byte{128, 111}, start) || g.early != 1 {
		t.Errorf("after the call was accepted: %+v", g)
	}
}

func FuzzDatagram(f *testing.F) {
	f.Add(packet(f, rtp.Header{PayloadType: 111, Extension: true, ExtensionProfile: 0xBEDE}))
	f.Add([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42})
	f.Fuzz(func(t *testing.T, b []byte) {
		w := wire{opus: 111, digits: 126}
		w.guard.listens = time.Unix(1, 0)
		w.admit(b, time.Unix(2, 0))
		if r := w.report(); r.Packets > 1 {
			t.Errorf("one datagram is %d packets", r.Packets)
		}
	})
}

func BenchmarkAdmit(b *testing.B) {
	p := packet(b, rtp.Header{PayloadType: 111, SSRC: 1})
	w := wire{opus: 111, digits: 126}
	w.guard.listens, w.guard.opened = time.Unix(1, 0), time.Unix(1, 0)
	now := time.Unix(2, 0)
	b.ReportAllocs()
	for b.Loop() {
		w.admit(p, now)
	}
}
