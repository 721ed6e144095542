// Package sdp reads session descriptions as far as a call with Meta's relay
// needs, and says what is wrong with one before it is used or sent. It is pure:
// text in, findings out (RFC 8866, RFC 8839, RFC 8842).
package sdp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// MaxSize bounds a description in bytes; Meta's are about 1,500.
const MaxSize = 16 << 10

// maxLines bounds a description in lines.
const maxLines = 400

// Session is what a description says, as far as anybody here asks.
type Session struct {
	Media        []Media
	Groups       []string // mids of the BUNDLE group
	Fingerprints []string // of the session
	Setup        string   // of the session
	ICELite      bool
	Ufrag, Pwd   string // of the session
}

// Media is one m= section.
type Media struct {
	Kind         string // "audio"
	Profile      string // "UDP/TLS/RTP/SAVPF"
	Types        []uint8
	Codecs       map[uint8]Codec
	Mid          string
	Direction    string // "sendrecv" and so on; "sendrecv" if not said
	Setup        string
	Fingerprints []string
	Ufrag, Pwd   string
	RTCPMux      bool
	SSRCs        []string
	Candidates   int
}

// Codec is one rtpmap.
type Codec struct {
	Name     string // lower case
	Rate     int
	Channels int
	Format   string // fmtp
}

var (
	errEmpty  = errors.New("the description is empty")
	errLarge  = errors.New("the description is too large")
	errFormat = errors.New("the description is no SDP")
)

// Normalise mends what is known to be broken on the way: line ends written as
// the characters \r\n, bare line feeds, a missing last line end.
func Normalise(text string) string {
	if !strings.Contains(text, "\n") {
		text = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n").Replace(text)
	}
	text = strings.ReplaceAll(text, "\r", "")
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return ""
	}
	return strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
}

// Parse reads a normalised description.
func Parse(text string) (Session, error) {
	var s Session
	switch {
	case text == "":
		return s, errEmpty
	case len(text) > MaxSize:
		return s, errLarge
	case !strings.HasPrefix(text, "v=0"):
		return s, errFormat
	}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	if len(lines) > maxLines {
		return s, errLarge
	}
	for i, line := range lines {
		if len(line) < 2 || line[1] != '=' {
			return s, fmt.Errorf("%w: line %d", errFormat, i+1)
		}
		if err := s.read(line[0], line[2:]); err != nil {
			return s, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return s, nil
}

func (s *Session) read(key byte, value string) error {
	switch {
	case key == 'm':
		m, err := media(value)
		s.Media = append(s.Media, m)
		return err
	case key != 'a':
		return nil
	}
	name, value, _ := strings.Cut(value, ":")
	if len(s.Media) == 0 {
		s.attribute(name, value)
		return nil
	}
	return s.Media[len(s.Media)-1].attribute(name, value)
}

// media reads "audio 9 UDP/TLS/RTP/SAVPF 111 126".
func media(value string) (Media, error) {
	m := Media{Direction: "sendrecv", Codecs: map[uint8]Codec{}}
	words := strings.Fields(value)
	if len(words) < 4 {
		return m, errFormat
	}
	m.Kind, m.Profile = words[0], words[2]
	for _, w := range words[3:] {
		if m.Kind != "audio" {
			return m, nil
		}
		n, err := strconv.ParseUint(w, 10, 7)
		if err != nil {
			return m, fmt.Errorf("%w: payload type %.10q", errFormat, w)
		}
		m.Types = append(m.Types, uint8(n))
	}
	return m, nil
}

func (s *Session) attribute(name, value string) {
	switch name {
	case "group":
		if words := strings.Fields(value); len(words) > 1 && words[0] == "BUNDLE" {
			s.Groups = words[1:]
		}
	case "fingerprint":
		s.Fingerprints = append(s.Fingerprints, value)
	case "setup":
		s.Setup = value
	case "ice-lite":
		s.ICELite = true
	case "ice-ufrag":
		s.Ufrag = value
	case "ice-pwd":
		s.Pwd = value
	}
}

func (m *Media) attribute(name, value string) error {
	switch name {
	case "mid":
		m.Mid = value
	case "sendrecv", "sendonly", "recvonly", "inactive":
		m.Direction = name
	case "setup":
		m.Setup = value
	case "fingerprint":
		m.Fingerprints = append(m.Fingerprints, value)
	case "ice-ufrag":
		m.Ufrag = value
	case "ice-pwd":
		m.Pwd = value
	case "rtcp-mux":
		m.RTCPMux = true
	case "candidate":
		m.Candidates++
	case "ssrc":
		m.ssrc(value)
	case "rtpmap", "fmtp":
		return m.codec(name, value)
	}
	return nil
}

func (m *Media) ssrc(value string) {
	id, _, _ := strings.Cut(value, " ")
	for _, known := range m.SSRCs {
		if known == id {
			return
		}
	}
	m.SSRCs = append(m.SSRCs, id)
}

// codec reads "111 opus/48000/2" or "111 useinbandfec=1".
func (m *Media) codec(name, value string) error {
	number, rest, _ := strings.Cut(value, " ")
	n, err := strconv.ParseUint(number, 10, 7)
	if err != nil {
		return fmt.Errorf("%w: payload type %.10q", errFormat, number)
	}
	c := m.Codecs[uint8(n)]
	if name == "fmtp" {
		c.Format = rest
		m.Codecs[uint8(n)] = c
		return nil
	}
	parts := strings.Split(rest, "/")
	c.Name, c.Channels = strings.ToLower(strings.TrimSpace(parts[0])), 1
	if len(parts) > 1 {
		c.Rate, _ = strconv.Atoi(parts[1])
	}
	if len(parts) > 2 {
		c.Channels, _ = strconv.Atoi(parts[2])
	}
	m.Codecs[uint8(n)] = c
	return nil
}

// first is the first of two that says anything.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// WithoutSources takes the declared sources out of a description: Meta's relay
// renumbers its packets, so that a stack which believes them hears nothing.
func WithoutSources(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "a=ssrc") {
			b.WriteString(line)
		}
	}
	return b.String()
}
