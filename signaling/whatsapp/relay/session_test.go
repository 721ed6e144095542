package relay

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"tring/audio"
)

func (p *pair) bothTalk() {
	p.start()
	p.caller.talk()
	p.callee.talk()
}

func wantEvents(t *testing.T, e *phoneEnd, want ...EventKind) {
	t.Helper()
	var got []EventKind
	for _, k := range e.kinds() {
		if k != LegOpen {
			got = append(got, k)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("was told %v, want %v", got, want)
	}
}

func TestSpeechFlowsBothWaysOverAllRelays(t *testing.T) {
	inMemory(t, 3, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		for name, e := range map[string]*phoneEnd{"caller": p.caller, "callee": p.callee} {
			heard := e.hearing(time.Time{})
			if len(heard) < 45 {
				t.Fatalf("%s heard %d packets in 3 s; events %v; dropped %+v", name, len(heard), e.kinds(), e.Dropped())
			}
			for i, packet := range heard {
				if !bytes.Equal(packet.Payload, speech(i)) || packet.Timestamp != heard[0].Timestamp+uint32(i)*960 {
					t.Fatalf("%s heard as packet %d: timestamp %d, % x…", name, i, packet.Timestamp, packet.Payload[:3])
				}
			}
			if e.count(FirstMedia) != 1 || e.count(LegOpen) != 3 {
				t.Errorf("%s was told %v", name, e.kinds())
			}
		}
	})
}

func TestNothingIsSentBeforeMediaMayStart(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.caller.talk()
		time.Sleep(2 * time.Second)
		p.relays[0].fault(func(r *memoryRelay) {
			if r.media != [2]int{} {
				t.Errorf("packets of sound before StartMedia: %v", r.media)
			}
		})
		if len(p.callee.hearing(time.Time{})) != 0 {
			t.Error("sound was delivered before StartMedia")
		}
	})
}

func TestComfortNoiseFlowsUntilSomebodyWritesAndWheneverNobodyDoes(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.start()
		time.Sleep(3 * time.Second)
		for range 10 {
			p.caller.WritePacket(speech(0), 960, false)
			time.Sleep(60 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		p.callee.mu.Lock()
		heard := slices.Clone(p.callee.heard)
		p.callee.mu.Unlock()
		// What was sent at the same instant may arrive in either order.
		slices.SortFunc(heard, func(a, b audio.Packet) int { return int(a.Sequence) - int(b.Sequence) })
		for i := 1; i < len(heard); i++ {
			gap := heard[i].Arrival.Sub(heard[i-1].Arrival)
			step := audio.SampleRate(16000).D(int(heard[i].Timestamp - heard[i-1].Timestamp))
			if gap > 5*60*time.Millisecond || step > 5*60*time.Millisecond || heard[i].Sequence != heard[i-1].Sequence+1 {
				t.Fatalf("packet %d came %v after the last, %v of sound later", i, gap, step)
			}
		}
		if first, last := heard[0], heard[len(heard)-1]; last.Arrival.Sub(first.Arrival)-audio.SampleRate(16000).D(int(last.Timestamp-first.Timestamp)) > 120*time.Millisecond {
			t.Error("the clock of the sound fell behind")
		}
	})
}

func TestReportsMeasureTheRoundTrip(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(8 * time.Second)
		// A relay's delay is on its answers alone: 20 ms to each end.
		if got := p.caller.Network(); got.RTT < 39*time.Millisecond || got.RTT > 41*time.Millisecond || got.RemoteLoss != 0 {
			t.Errorf("round trip %v, loss %v", got.RTT, got.RemoteLoss)
		}
	})
}

func TestReportsAloneKeepTheMediaAlive(t *testing.T) {
	inMemory(t, 1, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(3 * time.Second)
		p.relays[0].fault(func(r *memoryRelay) { r.soundless = true })
		time.Sleep(12 * time.Second)
		wantEvents(t, p.caller, FirstMedia)
		p.relays[0].fault(func(r *memoryRelay) { r.deaf = true })
		time.Sleep(7 * time.Second)
		wantEvents(t, p.caller, FirstMedia, MediaStopped)
		p.relays[0].fault(func(r *memoryRelay) { r.deaf = false })
		time.Sleep(2 * time.Second)
		wantEvents(t, p.caller, FirstMedia, MediaStopped, MediaBack)
	})
}

func TestSoundFollowsAnAnswerAtOnce(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		p.caller.StartMedia()
		time.Sleep(3*time.Second + 30*time.Millisecond)
		answered := time.Now()
		p.callee.StartMedia()
		time.Sleep(time.Second)
		for name, e := range map[string]*phoneEnd{"caller": p.caller, "callee": p.callee} {
			e.mu.Lock()
			if len(e.heard) == 0 || e.heard[0].Arrival.Sub(answered) > 100*time.Millisecond {
				t.Errorf("%s heard nothing within 100 ms of the answer", name)
			}
			e.mu.Unlock()
		}
	})
}

func TestOurOwnSoundComingBackIsDropped(t *testing.T) {
	prepared(t, 1, func(p *pair) { p.relays[0].echoes = true }, func(t *testing.T, p *pair) {
		p.bothTalk()
		time.Sleep(5 * time.Second)
		d := p.caller.Dropped()
		if d.Echoed < 70 || d.Forged != 0 || len(p.caller.hearing(time.Time{})) != 0 {
			t.Errorf("dropped %+v, heard %d packets", d, len(p.caller.hearing(time.Time{})))
		}
	})
}

func TestNetworkSaysWhatPeopleWantToKnow(t *testing.T) {
	inMemory(t, 2, func(t *testing.T, p *pair) {
		if got := p.caller.Network().Path; got != "0 relays" {
			t.Errorf("path before any: %q", got)
		}
		time.Sleep(time.Second)
		if got := p.caller.Network().Path; got != "2 relays" {
			t.Errorf("path before media: %q", got)
		}
		p.bothTalk()
		time.Sleep(3 * time.Second)
		n := p.caller.Network()
		if n.Path != "relay relay0" && n.Path != "relay relay1" || n.Encrypted != "end to end" {
			t.Errorf("%+v", n)
		}
		if n.Sent < 45 || n.Received < 45 || n.SentBytes < 45*100 || n.RecvBytes < 45*100 || n.Jitter > time.Millisecond {
			t.Errorf("%+v", n)
		}
	})
}
