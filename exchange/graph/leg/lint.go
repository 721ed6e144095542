package leg

import (
	"slices"

	"github.com/pion/sdp/v3"
)

// MaxDescription is how many bytes a client's description may have.
const MaxDescription = 16 << 10

// Error codes of Graph for descriptions.
const (
	codeParameter   = 100
	codeDescription = 138008
)

// Role says which description of a call one is.
type Role string

// A call has one offer and one answer, once.
const (
	Offer  Role = "offer"
	Answer Role = "answer"
)

// Check names one thing that Lint looks at.
type Check string

// The checks, in the order in which they are made.
const (
	CheckSize        Check = "size"        // fewer bytes than MaxDescription
	CheckEnd         Check = "end"         // lines and the text end with CRLF
	CheckSections    Check = "sections"    // one section, audio, of WebRTC's profile
	CheckCodecs      Check = "codecs"      // Opus, telephone-event, PCMA, PCMU at their rates, nothing else
	CheckFingerprint Check = "fingerprint" // one, SHA-256
	CheckSetup       Check = "setup"       // answers are active or passive, offers active or actpass
	CheckDirection   Check = "direction"   // sendrecv
	CheckMux         Check = "mux"         // RTCP on the same port
	CheckBundle      Check = "bundle"      // one group with the one section, the offer's mid
	CheckPath        Check = "path"        // ICE credentials as RFC 8839 section 5.4 wants them
	CheckCandidates  Check = "candidates"  // no mDNS names, no IPv6 zones
	CheckSources     Check = "sources"     // at most one SSRC
)

// Refusal is why the relay refuses a description.
type Refusal struct {
	Check   Check
	Code    int // of Graph
	Details string
}

func (r *Refusal) Error() string { return r.Details }

// Described is what the relay needs of a client's description.
type Described struct {
	Mid     string
	Setup   string
	Opus    uint8
	Digits  uint8 // 0 if telephone-event was not negotiated
	Passive bool  // the answer leaves DTLS to the relay, which leaves it to the client
}

// reading is a description that is being checked.
type reading struct {
	text  string
	role  Role
	mid   string // of the offer that an answer answers
	all   *sdp.SessionDescription
	media *sdp.MediaDescription
	out   Described
}

// checks are made in order; each may rely on those before it.
var checks = []struct {
	check Check
	code  int
	make  func(*reading) error
}{
	{CheckSize, codeParameter, (*reading).size},
	{CheckEnd, codeParameter, (*reading).ends},
	{CheckSections, codeParameter, (*reading).sections},
	{CheckCodecs, codeDescription, (*reading).codecs},
	{CheckFingerprint, codeDescription, (*reading).fingerprint},
	{CheckSetup, codeParameter, (*reading).setup},
	{CheckDirection, codeParameter, (*reading).direction},
	{CheckMux, codeParameter, (*reading).mux},
	{CheckBundle, codeParameter, (*reading).bundle},
	{CheckPath, codeParameter, (*reading).path},
	{CheckCandidates, codeDescription, (*reading).candidates},
	{CheckSources, codeDescription, (*reading).sources},
}

// Lint reads a client's description as strictly as the relay does, but for
// what is waived. mid is that of the offer that an answer answers. The error is
// a *Refusal.
func Lint(text string, role Role, mid string, waived ...Check) (Described, error) {
	r := &reading{text: text, role: role, mid: mid}
	for _, c := range checks {
		if err := c.make(r); err != nil && (!slices.Contains(waived, c.check) || r.media == nil) {
			return r.out, &Refusal{c.check, c.code, "Invalid SDP: " + err.Error()}
		}
	}
	return r.out, nil
}
