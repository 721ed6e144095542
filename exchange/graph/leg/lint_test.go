package leg_test

import (
	"errors"
	"strings"
	"testing"

	"tring/exchange/graph/leg"
	"tring/exchange/graph/reference"
)

// goodAnswer is an answer that the relay takes, with the offer's mid.
func goodAnswer(t testing.TB) (text, mid string) {
	t.Helper()
	l, err := leg.NewOffer(leg.Options{})
	check(t, err)
	defer l.Close()
	p, err := reference.NewPeer(reference.Options{})
	check(t, err)
	defer p.Close()
	text, err = p.Answer(l.Description())
	check(t, err)
	return text, l.Sheet().Mid
}

func TestTheRelayRefusesDescriptions(t *testing.T) {
	good, mid := goodAnswer(t)
	if _, err := leg.Lint(good, leg.Answer, mid); err != nil {
		t.Fatalf("a good answer: %v", err)
	}
	replace := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the answer has no %q:\n%s", old, good)
		}
		return strings.ReplaceAll(good, old, new)
	}
	for name, c := range map[string]struct {
		text  string
		check leg.Check
		code  int
	}{
		"too large":               {good + strings.Repeat("a=x\r\n", 5000), leg.CheckSize, 100},
		"no text":                 {"", leg.CheckEnd, 100},
		"bare line feeds":         {replace("\r\n", "\n"), leg.CheckEnd, 100},
		"two sections":            {good + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n", leg.CheckSections, 100},
		"another profile":         {replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), leg.CheckSections, 100},
		"G.722":                   {replace("SAVPF 111 126", "SAVPF 111 9 126"), leg.CheckCodecs, 138008},
		"no Opus":                 {replace("opus/48000/2", "pcma/8000"), leg.CheckCodecs, 138008},
		"two fingerprints":        {good + "a=fingerprint:sha-512 AA\r\n", leg.CheckFingerprint, 138008},
		"no fingerprint":          {replace("a=fingerprint:", "a=other:"), leg.CheckFingerprint, 138008},
		"actpass in an answer":    {replace("setup:active", "setup:actpass"), leg.CheckSetup, 100},
		"recvonly":                {replace("a=sendrecv", "a=recvonly"), leg.CheckDirection, 100},
		"no rtcp-mux":             {replace("a=rtcp-mux\r\n", ""), leg.CheckMux, 100},
		"another mid":             {replace("a=mid:audio", "a=mid:0"), leg.CheckBundle, 100},
		"short credentials":       {replace("a=ice-pwd:", "a=ice-pwd:x\r\na=was:"), leg.CheckPath, 100},
		"two ice-lite":            {replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\na=ice-lite\r\n"), leg.CheckPath, 100},
		"a name instead of an IP": {good + "a=candidate:1 1 udp 1 abc.local 5000 typ host\r\n", leg.CheckCandidates, 138008},
		"two sources":             {good + "a=ssrc:7 cname:x\r\n", leg.CheckSources, 138008},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := leg.Lint(c.text, leg.Answer, mid)
			var r *leg.Refusal
			if !errors.As(err, &r) || r.Check != c.check || r.Code != c.code {
				t.Errorf("the error is %+v", err)
			}
		})
	}
}

func FuzzLint(f *testing.F) {
	good, mid := goodAnswer(f)
	f.Add(good)
	f.Add(strings.ReplaceAll(good, "\r\n", "\n"))
	f.Add("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 999 -1\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		said, err := leg.Lint(text, leg.Answer, mid)
		if err == nil && (said.Opus == 0 || said.Mid != mid) {
			t.Errorf("%q was taken as %+v", text, said)
		}
		_, _ = leg.Lint(text, leg.Offer, "", leg.CheckEnd, leg.CheckSections, leg.CheckCodecs, leg.CheckFingerprint,
			leg.CheckSetup, leg.CheckDirection, leg.CheckMux, leg.CheckBundle, leg.CheckPath, leg.CheckCandidates)
	})
}

func BenchmarkLint(b *testing.B) {
	good, mid := goodAnswer(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := leg.Lint(good, leg.Answer, mid); err != nil {
			b.Fatal(err)
		}
	}
}
