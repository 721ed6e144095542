package leg

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

func (r *reading) size() error {
	if len(r.text) > MaxDescription {
		return fmt.Errorf("it is larger than %d bytes", MaxDescription)
	}
	return nil
}

func (r *reading) ends() error {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(r.text); err != nil {
		return errors.New("it cannot be parsed")
	}
	if len(d.MediaDescriptions) > 0 {
		r.all, r.media = &d, d.MediaDescriptions[0]
	}
	if !strings.HasSuffix(r.text, "\r\n") || strings.Count(r.text, "\n") != strings.Count(r.text, "\r\n") {
		return errors.New("lines must end with CRLF")
	}
	return nil
}

func (r *reading) sections() error {
	if r.media == nil || len(r.all.MediaDescriptions) != 1 {
		return errors.New("there must be one media section")
	}
	if name := r.media.MediaName; name.Media != "audio" || strings.Join(name.Protos, "/") != "UDP/TLS/RTP/SAVPF" {
		return errors.New("the section must be audio over UDP/TLS/RTP/SAVPF")
	}
	return nil
}

// known are the codecs that the relay knows.
var known = []string{"opus/48000/2", "telephone-event/8000", "pcma/8000", "pcmu/8000"}

func (r *reading) codecs() error {
	for _, format := range r.media.MediaName.Formats {
		pt, err := strconv.ParseUint(format, 10, 7)
		if err != nil {
			return fmt.Errorf("%.20q is no payload type", format)
		}
		name := r.codec(format)
		if !slices.Contains(known, strings.TrimSuffix(name, "/1")) {
			return fmt.Errorf("payload type %d is %.40q, which is not supported", pt, name)
		}
		switch {
		case name == "opus/48000/2" && r.out.Opus == 0:
			r.out.Opus = uint8(pt)
		case strings.HasPrefix(name, "telephone-event/"):
			r.out.Digits = uint8(pt)
		}
	}
	if r.out.Opus == 0 {
		return errors.New("there is no opus/48000/2")
	}
	return nil
}

// codec is what a payload type stands for, in lower case; static types need no
// rtpmap (RFC 3551 section 6).
func (r *reading) codec(format string) string {
	for _, a := range r.media.Attributes {
		if pt, name, ok := strings.Cut(a.Value, " "); ok && a.Key == "rtpmap" && pt == format {
			return strings.ToLower(strings.TrimSpace(name))
		}
	}
	return map[string]string{"0": "pcmu/8000", "8": "pcma/8000"}[format]
}

// values are those of an attribute, of the session and of the section.
func (r *reading) values(key string) (out []string) {
	for _, a := range slices.Concat(r.all.Attributes, r.media.Attributes) {
		if a.Key == key {
			out = append(out, a.Value)
		}
	}
	return out
}

// value is the section's, or else the session's.
func (r *reading) value(key string) string {
	if v, ok := r.media.Attribute(key); ok {
		return v
	}
	v, _ := r.all.Attribute(key)
	return v
}

func (r *reading) fingerprint() error {
	prints := r.values("fingerprint")
	if len(prints) == 0 {
		return errors.New("called with SDP without DTLS fingerprint")
	}
	hash, digest, _ := strings.Cut(prints[0], " ")
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(digest), ":", ""))
	if len(prints) != 1 || !strings.EqualFold(hash, "sha-256") || err != nil || len(raw) != 32 {
		return errors.New("SDP validation error: there must be one fingerprint, sha-256")
	}
	return nil
}

func (r *reading) setup() error {
	r.out.Setup = r.value("setup")
	r.out.Passive = r.out.Setup == "passive"
	may := []string{"active", "actpass"}
	if r.role == Answer {
		may = []string{"active", "passive"}
	}
	if !slices.Contains(may, r.out.Setup) {
		return fmt.Errorf("setup is %.20q", r.out.Setup)
	}
	return nil
}

func (r *reading) direction() error {
	for _, other := range []string{"sendonly", "recvonly", "inactive"} {
		if _, ok := r.media.Attribute(other); ok {
			return fmt.Errorf("the direction is %s, not sendrecv", other)
		}
	}
	return nil
}

func (r *reading) mux() error {
	if _, ok := r.media.Attribute("rtcp-mux"); !ok {
		return errors.New("there is no rtcp-mux")
	}
	return nil
}

func (r *reading) bundle() error {
	r.out.Mid = r.value("mid")
	groups := r.values("group")
	if r.out.Mid == "" || len(groups) != 1 || groups[0] != "BUNDLE "+r.out.Mid {
		return errors.New("the BUNDLE group must name the one section")
	}
	if r.role == Answer && r.out.Mid != r.mid {
		return errors.New("the section's mid is not the offer's")
	}
	return nil
}

func (r *reading) path() error {
	if len(r.value("ice-ufrag")) < 4 || len(r.value("ice-pwd")) < 22 {
		return errors.New("the ICE credentials are missing or too short")
	}
	if len(r.values("ice-lite")) > 0 {
		return errors.New("both sides would be ice-lite")
	}
	return nil
}

func (r *reading) candidates() error {
	for _, c := range r.values("candidate") {
		fields := strings.Fields(c)
		if len(fields) < 8 {
			return errors.New("a candidate is cut short")
		}
		if strings.HasSuffix(fields[4], ".local") || strings.Contains(fields[4], "%") {
			return errors.New("a candidate has no address that the relay could reach")
		}
	}
	return nil
}

func (r *reading) sources() error {
	var ids []string
	for _, v := range r.values("ssrc") {
		id, _, _ := strings.Cut(v, " ")
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > 1 {
		return errors.New("there is more than one source")
	}
	return nil
}
