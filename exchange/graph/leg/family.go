package leg

import (
	"fmt"
	"net/netip"
	"strings"
)

// Family is the form in which the relay writes its descriptions.
type Family string

// The two forms that clients meet.
const (
	Live       Family = "live"       // as in traffic: low bit rate, 20 ms, no header extensions
	Documented Family = "documented" // as in Meta's reference, with header extensions and feedback
)

// Sheet is what a description of the relay says.
type Sheet struct {
	Family      Family
	Setup       string // actpass in offers; active, passive or actpass in answers
	Mid         string
	At          []netip.AddrPort // host candidates, at least one
	Ufrag, Pwd  string
	Fingerprint string // hexadecimal with colons, SHA-256
	SSRC        uint32
	Opus        uint8 // payload type
	Digits      uint8 // payload type of telephone-event, 0 for none
}

// lines puts a description together; every line ends as RFC 8866 wants it.
type lines struct{ strings.Builder }

func (l *lines) add(format string, args ...any) {
	fmt.Fprintf(l, format, args...)
	l.WriteString("\r\n")
}

// String is the description's text.
func (s Sheet) String() string {
	var l lines
	s.session(&l)
	s.path(&l)
	s.media(&l)
	s.source(&l)
	return l.String()
}

func (s Sheet) session(l *lines) {
	l.add("v=0")
	l.add("o=- %d 2 IN IP4 127.0.0.1", 7_000_000_000_000_000_000+int64(s.SSRC))
	l.add("s=-")
	l.add("t=0 0")
	l.add("a=group:BUNDLE %s", s.Mid)
	if s.Family == Documented {
		l.add("a=extmap-allow-mixed")
	}
	l.add("a=msid-semantic: WMS %s", s.stream())
	l.add("a=ice-lite")
}

// Priorities of the first candidate as seen in each form; the second one's is
// a little higher there as well.
var priorities = map[Family]uint32{Live: 2122260223, Documented: 2113937151}

func (s Sheet) path(l *lines) {
	types := fmt.Sprint(s.Opus)
	if s.Digits != 0 {
		types += fmt.Sprintf(" %d", s.Digits)
	}
	l.add("m=audio %d UDP/TLS/RTP/SAVPF %s", s.At[0].Port(), types)
	l.add("c=IN %s %s", ipVersion(s.At[0]), s.At[0].Addr())
	l.add("a=rtcp:9 IN IP4 0.0.0.0")
	for i, at := range s.At {
		l.add("a=candidate:%d 1 udp %d %s %d typ host generation 0 network-cost 50 ufrag %s",
			1_000_000_001+i, priorities[s.Family]+uint32(2560*i), at.Addr(), at.Port(), s.Ufrag)
	}
	l.add("a=ice-ufrag:%s", s.Ufrag)
	l.add("a=ice-pwd:%s", s.Pwd)
	l.add("a=fingerprint:sha-256 %s", strings.ToUpper(s.Fingerprint))
	l.add("a=setup:%s", s.Setup)
	l.add("a=mid:%s", s.Mid)
}

func ipVersion(at netip.AddrPort) string {
	if at.Addr().Is4() {
		return "IP4"
	}
	return "IP6"
}

// The sound's parameters in each form.
const (
	liveOpus       = "maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;sprop-maxcapturerate=16000;useinbandfec=1"
	documentedOpus = "minptime=10;useinbandfec=1"
)

func (s Sheet) media(l *lines) {
	documented := s.Family == Documented
	if documented {
		l.add("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level")
		l.add("a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time")
		l.add("a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01")
	}
	l.add("a=sendrecv")
	l.add("a=rtcp-mux")
	l.add("a=rtpmap:%d opus/48000/2", s.Opus)
	if documented {
		l.add("a=rtcp-fb:%d transport-cc", s.Opus)
		l.add("a=fmtp:%d %s", s.Opus, documentedOpus)
	} else {
		l.add("a=fmtp:%d %s", s.Opus, liveOpus)
	}
	if s.Digits != 0 {
		l.add("a=rtpmap:%d telephone-event/8000", s.Digits)
	}
	if !documented {
		l.add("a=ptime:20")
		l.add("a=maxptime:20")
	}
}

func (s Sheet) source(l *lines) {
	if s.Family == Live {
		l.add("a=ssrc:%d cname:WhatsAppAudioStream1", s.SSRC)
		l.add("a=ssrc:%d msid:%s WhatsAppTrack1", s.SSRC, s.stream())
		return
	}
	track := fmt.Sprintf("audio#%011d", s.SSRC)
	l.add("a=ssrc:%d cname:%016x", s.SSRC, uint64(s.SSRC)<<16)
	l.add("a=ssrc:%d msid:%s %s", s.SSRC, s.stream(), track)
	l.add("a=ssrc:%d mslabel:%s", s.SSRC, s.stream())
	l.add("a=ssrc:%d label:%s", s.SSRC, track)
}

// stream names the media stream; a name that follows from the source is enough.
func (s Sheet) stream() string {
	return fmt.Sprintf("%08x-7a1e-4b0c-8d2f-%012x", s.SSRC, s.SSRC)
}
