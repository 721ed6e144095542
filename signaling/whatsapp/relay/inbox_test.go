package relay

import (
	"testing"
	"time"

	"tring/audio"
)

func TestTheInboxKeepsTheLatestWhenNobodyReads(t *testing.T) {
	in := newInbox()
	for i := range 3 * inboxSize {
		p := in.Blank()
		p.Sequence = uint16(i)
		in.Put(p)
	}
	var p audio.Packet
	for want := 2 * inboxSize; want < 3*inboxSize; want++ {
		in.take(<-in.full, &p)
		if p.Sequence != uint16(want) {
			t.Fatalf("read packet %d, want %d", p.Sequence, want)
		}
	}
	if len(in.full) != 0 || len(in.free) != cap(in.free) {
		t.Errorf("%d full and %d free packets are left", len(in.full), len(in.free))
	}
}

func TestTheReadersBufferGoesRound(t *testing.T) {
	in := newInbox()
	own := make([]byte, 3, audio.MaxPayload)
	p := audio.Packet{Payload: own}
	b := in.Blank()
	b.Payload = append(b.Payload[:0], "sound"...)
	in.Put(b)
	in.take(<-in.full, &p)
	if string(p.Payload) != "sound" || &p.Payload[0] == &own[0] {
		t.Errorf("read %q", p.Payload)
	}
}

func TestHeldPacketsComeBackInOrderWhileFresh(t *testing.T) {
	var h hold
	l := new(leg)
	start := time.Unix(0, 0)
	for i := range 2 * holdSize {
		h.keep(l, []byte{byte(i)}, start.Add(time.Duration(i)*100*time.Millisecond))
	}
	now := start.Add(2 * holdSize * 100 * time.Millisecond)
	var got []byte
	h.replay(now, func(_ *leg, packet []byte) { got = append(got, packet...) })
	// Those of the last two seconds: the one exactly as old is not among them.
	if len(got) != 19 || got[0] != 2*holdSize-19 || got[18] != 2*holdSize-1 {
		t.Errorf("came back: %v", got)
	}
	h.replay(now, func(*leg, []byte) { t.Error("a packet came back twice") })
}
