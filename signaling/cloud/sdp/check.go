package sdp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Role says which description of a call one is.
type Role string

// A call has one offer and one answer, once.
const (
	Offer  Role = "offer"
	Answer Role = "answer"
)

// Remote is what a checked description of Meta's says.
type Remote struct {
	Text     string // normalised
	Mid      string
	Opus     uint8 // payload type
	Digits   uint8 // payload type of telephone-event/8000
	CanDigit bool  // whether Digits was negotiated
	// Lite is whether the other side is an ICE-lite relay, as Meta's is.
	Lite bool
}

// What makes a description of Meta's unusable.
var (
	ErrNoAudio  = errors.New("the description has no audio")
	ErrNoOpus   = errors.New("the description has no Opus at 48 kHz; nothing else is spoken here")
	ErrNoKeys   = errors.New("the description has no SHA-256 fingerprint; the sound could not be secured")
	ErrNoPath   = errors.New("the description has no ICE credentials")
	ErrNoReturn = errors.New("the description does not let us speak")
)

// CheckRemote mends and checks a description of Meta's.
func CheckRemote(text string) (Remote, error) {
	if len(text) > MaxSize {
		return Remote{}, errLarge
	}
	r := Remote{Text: Normalise(text)}
	s, err := Parse(r.Text)
	if err != nil {
		return r, err
	}
	i := slices.IndexFunc(s.Media, func(m Media) bool { return m.Kind == "audio" })
	if i < 0 {
		return r, ErrNoAudio
	}
	m := s.Media[i]
	r.Mid, r.Lite = m.Mid, s.ICELite
	switch opus, ok := m.find("opus", 48000); {
	case !ok:
		return r, ErrNoOpus
	case !hasSHA256(append(s.Fingerprints, m.Fingerprints...)):
		return r, ErrNoKeys
	case first(m.Ufrag, s.Ufrag) == "" || first(m.Pwd, s.Pwd) == "":
		return r, ErrNoPath
	case m.Direction == "sendonly" || m.Direction == "inactive":
		return r, ErrNoReturn
	default:
		r.Opus = opus
	}
	r.Digits, r.CanDigit = m.find("telephone-event", 8000)
	return r, nil
}

// find is the payload type of a codec that the section offers.
func (m Media) find(name string, rate int) (uint8, bool) {
	for _, pt := range m.Types {
		if c := m.Codecs[pt]; c.Name == name && c.Rate == rate {
			return pt, true
		}
	}
	return 0, false
}

func hasSHA256(prints []string) bool {
	return slices.ContainsFunc(prints, func(p string) bool { return fingerprint(p) == nil })
}

// fingerprint checks "sha-256 AA:BB:…" of 32 bytes.
func fingerprint(value string) error {
	hash, hex, _ := strings.Cut(value, " ")
	if !strings.EqualFold(hash, "sha-256") {
		return fmt.Errorf("the fingerprint is %.20q, not sha-256", hash)
	}
	bytes := strings.Split(strings.TrimSpace(hex), ":")
	if len(bytes) != 32 {
		return fmt.Errorf("the fingerprint has %d bytes, not 32", len(bytes))
	}
	for _, b := range bytes {
		if len(b) != 2 || strings.Trim(b, "0123456789abcdefABCDEF") != "" {
			return errors.New("the fingerprint is no hexadecimal")
		}
	}
	return nil
}

// CheckOwn says why Meta would refuse a description of ours, or nil. mid is
// that of the offer which an answer answers.
func CheckOwn(text string, role Role, mid string) error {
	if !strings.HasSuffix(text, "\r\n") {
		return errors.New("the description does not end with a line end")
	}
	s, err := Parse(text)
	if err != nil {
		return err
	}
	if len(s.Media) != 1 || s.Media[0].Kind != "audio" {
		return fmt.Errorf("the description has %d media sections; it must have one, audio", len(s.Media))
	}
	m := s.Media[0]
	for _, err := range []error{m.codecs(), s.keys(), s.setup(role), s.bundle(role, mid), s.path()} {
		if err != nil {
			return err
		}
	}
	return nil
}

// allowed are the codecs that Meta's relay knows.
var allowed = []Codec{
	{Name: "opus", Rate: 48000, Channels: 2},
	{Name: "telephone-event", Rate: 8000, Channels: 1},
	{Name: "pcma", Rate: 8000, Channels: 1},
	{Name: "pcmu", Rate: 8000, Channels: 1},
}

func (m Media) codecs() error {
	if _, ok := m.find("opus", 48000); !ok {
		return ErrNoOpus
	}
	for _, pt := range m.Types {
		c := m.Codecs[pt]
		c.Format = ""
		if !slices.Contains(allowed, c) {
			return fmt.Errorf("payload type %d is %s/%d, which Meta's relay does not know", pt, c.Name, c.Rate)
		}
	}
	return nil
}

func (s Session) keys() error {
	all := append(slices.Clone(s.Fingerprints), s.Media[0].Fingerprints...)
	if len(all) != 1 {
		return fmt.Errorf("the description has %d fingerprints; it must have one", len(all))
	}
	return fingerprint(all[0])
}

func (s Session) setup(role Role) error {
	setup := first(s.Media[0].Setup, s.Setup)
	if setup == "active" || role == Offer && setup == "actpass" {
		return nil
	}
	return fmt.Errorf("the %s says setup:%.20s; it must be active", role, setup)
}

func (s Session) bundle(role Role, mid string) error {
	m := s.Media[0]
	switch {
	case m.Mid == "" || len(s.Groups) != 1 || s.Groups[0] != m.Mid:
		return fmt.Errorf("the group is %v and the section %.40q; they must be the same", s.Groups, m.Mid)
	case role == Answer && m.Mid != mid:
		return fmt.Errorf("the answer's section is %.40q, the offer's %.40q", m.Mid, mid)
	case len(m.SSRCs) > 1:
		return fmt.Errorf("the description has %d sources; it must have one", len(m.SSRCs))
	}
	return nil
}

// path checks what RFC 8839 section 5.4 asks of ICE credentials, and that both
// sides may speak over one port.
func (s Session) path() error {
	m := s.Media[0]
	switch {
	case len(first(m.Ufrag, s.Ufrag)) < 4 || len(first(m.Pwd, s.Pwd)) < 22:
		return errors.New("the ICE credentials are too short")
	case !m.RTCPMux:
		return errors.New("the description does not put RTCP on the same port")
	case m.Direction != "sendrecv":
		return fmt.Errorf("the description is %s; it must be sendrecv", m.Direction)
	case m.Profile != "UDP/TLS/RTP/SAVPF":
		return fmt.Errorf("the profile is %.40s; it must be UDP/TLS/RTP/SAVPF", m.Profile)
	}
	return nil
}
