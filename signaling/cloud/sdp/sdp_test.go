package sdp

import (
	"errors"
	"strings"
	"testing"
)

const print1 = "a=fingerprint:sha-256 " + "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff\r\n"

// theirs is an offer in the style of Meta's live traffic.
const theirs = "v=0\r\no=- 7000000000000000001 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE audio\r\na=ice-lite\r\n" +
	"m=audio 3480 UDP/TLS/RTP/SAVPF 111 126\r\nc=IN IP4 192.0.2.60\r\n" +
	"a=candidate:1 1 udp 2122260223 192.0.2.60 3480 typ host generation 0\r\na=ice-ufrag:AbCd/2\r\na=ice-pwd:0123456789abcdef0123456789abcdef\r\n" +
	print1 + "a=setup:actpass\r\na=mid:audio\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n" +
	"a=fmtp:111 maxaveragebitrate=20000;minptime=20;useinbandfec=1\r\na=rtpmap:126 telephone-event/8000\r\na=ptime:20\r\n" +
	"a=ssrc:3000000001 cname:WhatsAppAudioStream1\r\na=ssrc:3000000001 msid:x WhatsAppTrack1\r\n"

// ours is an answer as it must be.
var ours = strings.NewReplacer("actpass", "active", "a=ice-lite\r\n", "", "a=candidate:1 1 udp 2122260223 192.0.2.60 3480 typ host generation 0\r\n", "").Replace(theirs)

func TestMetasOffersAreReadInEveryForm(t *testing.T) {
	for name, text := range map[string]string{
		"as it should be":    theirs,
		"line feeds alone":   strings.ReplaceAll(theirs, "\r\n", "\n"),
		"no last line end":   strings.TrimSuffix(theirs, "\r\n"),
		"line ends as text":  strings.ReplaceAll(theirs, "\r\n", `\r\n`),
		"keys for the whole": strings.Replace(strings.Replace(theirs, print1, "", 1), "a=ice-lite\r\n", "a=ice-lite\r\n"+print1, 1),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := CheckRemote(text)
			if err != nil || r.Mid != "audio" || r.Opus != 111 || !r.CanDigit || r.Digits != 126 || !r.Lite || !strings.HasSuffix(r.Text, "\r\n") {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestUnusableOffersAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		want     error
	}{
		"no audio":        {"m=audio", "m=video", ErrNoAudio},
		"no Opus":         {"opus/48000/2", "PCMA/8000", ErrNoOpus},
		"no fingerprint":  {print1, "", ErrNoKeys},
		"SHA-1 alone":     {"sha-256", "sha-1", ErrNoKeys},
		"no credentials":  {"a=ice-pwd", "a=x", ErrNoPath},
		"we may not talk": {"sendrecv", "sendonly", ErrNoReturn},
		"no SDP":          {"v=0", "x=0", errFormat},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := CheckRemote(strings.Replace(theirs, c.old, c.new, 1)); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	for _, text := range []string{"", "v=0" + strings.Repeat("\r\na=x", MaxSize), strings.Repeat("\n", 100)} {
		if _, err := CheckRemote(text); err == nil {
			t.Errorf("%.10q was taken", text)
		}
	}
}

func TestOurOwnDescriptionIsCheckedBeforeItLeaves(t *testing.T) {
	if err := CheckOwn(ours, Answer, "audio"); err != nil {
		t.Fatal(err)
	}
	if err := CheckOwn(strings.Replace(ours, "setup:active", "setup:actpass", 1), Offer, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new string }{
		"passive":            {"setup:active", "setup:passive"},
		"actpass":            {"setup:active", "setup:actpass"},
		"two fingerprints":   {print1, print1 + print1},
		"SHA-384":            {"sha-256", "sha-384"},
		"another mid":        {"a=mid:audio", "a=mid:0"},
		"no bundle":          {"a=group:BUNDLE audio\r\n", ""},
		"receive only":       {"sendrecv", "recvonly"},
		"no rtcp-mux":        {"a=rtcp-mux\r\n", ""},
		"a codec too many":   {"a=rtpmap:126 telephone-event/8000", "a=rtpmap:126 G722/8000"},
		"telephone at 48000": {"telephone-event/8000", "telephone-event/48000"},
		"video too":          {"a=ptime:20\r\n", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"},
		"two sources":        {"a=ssrc:3000000001 msid", "a=ssrc:3000000002 msid"},
		"short password":     {"0123456789abcdef0123456789abcdef", "short"},
		"another profile":    {"UDP/TLS/RTP/SAVPF", "RTP/AVP"},
		"line feed at end":   {"WhatsAppTrack1\r\n", "WhatsAppTrack1"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := CheckOwn(strings.Replace(ours, c.old, c.new, 1), Answer, "audio"); err == nil {
				t.Error("it would have been sent")
			}
		})
	}
}

func TestSourcesAreTakenOut(t *testing.T) {
	if text := WithoutSources(theirs); strings.Contains(text, "ssrc") || len(text) >= len(theirs) {
		t.Error("a source is left")
	}
}

func FuzzCheckRemote(f *testing.F) {
	f.Add(theirs)
	f.Add(ours)
	f.Add(strings.ReplaceAll(theirs, "\r\n", `\r\n`))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := CheckRemote(text)
		if err == nil && (r.Text != Normalise(r.Text) || r.Opus > 127) {
			t.Error("a checked description must stay as it is")
		}
		_ = CheckOwn(text, Answer, "audio")
	})
}
