package e2e

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

var reportTime = time.UnixMilli(1718000000000)

func TestSenderReportHasWhatsAppsForm(t *testing.T) {
	sr := senderReport{SSRC: ssrc, Time: reportTime, Timestamp: 1600, Packets: 5, Octets: 600, Heard: reportBlock{SSRC: 0x9abcdef0}}
	b := sr.append(nil)
	if len(b) != 76 {
		t.Fatalf("the report has %d bytes, want 76", len(b))
	}
	wantHex(t, "its first word", b[:4], "81c80012")
	wantHex(t, "its sender part", b[4:28], report28[8:])
	wantHex(t, "its report block", b[28:52], "9abcdef0"+"0000000000000000000000000000000000000000")
	var parsed rtcp.SenderReport
	if err := parsed.Unmarshal(b); err != nil || len(parsed.ProfileExtensions) != 24 {
		t.Errorf("pion reads it with %d bytes of extension: %v", len(parsed.ProfileExtensions), err)
	}
}

func TestTheSourceDescription(t *testing.T) {
	entropy := unhex("00112233445566778899aabb")
	name := NewCNAME([6]byte(entropy[6:]))
	if name != "66778@pj899aab.org" {
		t.Errorf("CNAME %q", name)
	}
	wantHex(t, "description", appendDescription(nil, ssrc, name), "81ca0007123456780112363637373840706a3839396161622e6f726700000000")
}

func TestReportsOfOthersAreReadAsFarAsTheyMakeSense(t *testing.T) {
	full := senderReport{SSRC: 1, Time: reportTime, Heard: reportBlock{SSRC: ssrc, FractionLost: 64}}
	profile := full.append(nil)
	profile[0] |= 0x10 // as some clients mark reports about pictures
	receiver := append([]byte{0x81, typeReceiverReport, 0, 7, 0, 0, 0, 1}, full.append(nil)[28:52]...)
	strangers := append(full.append(nil), unhex("81d00002123456789abcdef0"+"81d1000112345678"+"81ca00021234567800000000")...)
	for name, c := range map[string]struct {
		packet []byte
		loss   float64
		synced bool
	}{
		"a report of 28 bytes":      {unhex(report28), 0, true},
		"one with a block":          {full.append(nil), .25, true},
		"one with a profile mark":   {profile, .25, true},
		"a receiver report":         {receiver, .25, false},
		"strangers behind it":       {strangers, .25, true},
		"strangers before it":       {append(unhex("81d00002123456789abcdef0"), full.append(nil)...), .25, true},
		"cut inside the block":      {full.append(nil)[:40], 0, false},
		"a length beyond the end":   {unhex("80c8ffff12345678ea111800"), 0, false},
		"a report without its body": {unhex("81c8000112345678"), 0, false},
		"nothing":                   {nil, 0, false},
	} {
		r := Reception{Rate: 16000}
		readReports(c.packet, ssrc, &r, reportTime)
		if r.RemoteLoss() != c.loss || (r.lastReport != 0) != c.synced {
			t.Errorf("%s: loss %v, synced %v", name, r.RemoteLoss(), r.lastReport != 0)
		}
	}
}

func TestLossOfOthersStreamsIsNotOurs(t *testing.T) {
	other := senderReport{SSRC: 1, Time: reportTime, Heard: reportBlock{SSRC: ssrc + 1, FractionLost: 255}}
	var r Reception
	readReports(other.append(nil), ssrc, &r, reportTime)
	if r.RemoteLoss() != 0 {
		t.Errorf("took the loss of another stream: %v", r.RemoteLoss())
	}
}

func TestRoundTripIsMeasuredFromTheReportsOfBothEnds(t *testing.T) {
	out, in := ends(t, DefaultTag)
	heardByThem, heardByUs := &Reception{Rate: 16000}, &Reception{SSRC: 7, Rate: 16000}
	clock := reportTime
	ours, err := out.Report(heardByUs, clock)
	if err != nil {
		t.Fatal(err)
	}
	// It takes 40 ms there, they answer after 700 ms, and it takes 60 ms back.
	if err := in.RTCP(ours, 0, heardByThem, clock.Add(40*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	heardByThem.SSRC = SSRC(callID, self, Audio)
	theirs := senderReport{SSRC: 7, Time: clock.Add(740 * time.Millisecond), Heard: heardByThem.report(clock.Add(740 * time.Millisecond))}
	readReports(theirs.append(nil), heardByThem.SSRC, heardByUs, clock.Add(800*time.Millisecond))
	if got := heardByUs.RTT(); got < 99*time.Millisecond || got > 101*time.Millisecond {
		t.Errorf("round trip %v, want 100 ms", got)
	}
}

func TestReportsCountLossAndDuplicatesAsRFC3550(t *testing.T) {
	r := Reception{SSRC: 9, Rate: 16000}
	at := reportTime
	for sequence := uint16(65_500); sequence != 64; sequence++ { // 100 packets over a wrap
		at = at.Add(60 * time.Millisecond)
		if sequence%10 != 3 {
			r.Packet(sequence, uint32(sequence)*960, at)
		}
	}
	b := r.report(at)
	if b.Highest != 65_536+62 || b.Lost != 10 || b.FractionLost != 25 {
		t.Errorf("highest %d, lost %d, fraction %d/256; want 65598, 10, 25: the last one, lost too, is not known of yet", b.Highest, b.Lost, b.FractionLost)
	}
	if b = r.report(at); b.FractionLost != 0 || b.Lost != 10 {
		t.Errorf("an interval without packets: lost %d, fraction %d", b.Lost, b.FractionLost)
	}
}

func TestJitterOfAnEvenStreamIsZeroAndOfAnUnevenOneIsNot(t *testing.T) {
	for name, c := range map[string]struct{ shake, low, high time.Duration }{
		"even":   {0, 0, time.Millisecond},
		"uneven": {20 * time.Millisecond, 15 * time.Millisecond, 25 * time.Millisecond},
	} {
		r := Reception{Rate: 16000}
		for i := range 200 {
			at := reportTime.Add(time.Duration(i) * 60 * time.Millisecond)
			if i%2 == 1 {
				at = at.Add(c.shake)
			}
			r.Packet(uint16(i), uint32(i)*960+math.MaxUint32-5000, at)
		}
		if got := r.Jitter(); got < c.low || got > c.high {
			t.Errorf("%s: jitter %v, want %v to %v", name, got, c.low, c.high)
		}
	}
}

func TestAnOldOrForeignReportGivesNoRoundTrip(t *testing.T) {
	var r Reception
	for name, b := range map[string]reportBlock{
		"from the future":     {LastReport: ntpMiddle(reportTime.Add(time.Hour))},
		"from long ago":       {LastReport: ntpMiddle(reportTime.Add(-time.Hour))},
		"before any of ours":  {Delay: 5},
		"with a pause beyond": {LastReport: ntpMiddle(reportTime), Delay: 1 << 31},
	} {
		r.heard(b, reportTime)
		if r.RTT() != 0 {
			t.Errorf("%s: %v", name, r.RTT())
		}
	}
}

func TestLostFitsItsTwentyFourBits(t *testing.T) {
	b := reportBlock{SSRC: 1, Lost: clampLost(math.MinInt32), FractionLost: 3}
	if got := parseReportBlock(b.append(nil)); got.Lost != -1<<23 || got.FractionLost != 3 {
		t.Errorf("read back %+v", got)
	}
	if binary.BigEndian.Uint32(b.append(nil)[4:])>>24 != 3 {
		t.Error("the count overwrote the fraction")
	}
}
