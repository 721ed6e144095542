package cloud

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"tring/signaling/cloud/graph"
)

// Where Meta is, and the version of the Graph API that this package speaks.
// Calling needs v17.0 or later.
const (
	DefaultBaseURL = "https://graph.facebook.com"
	DefaultVersion = "v24.0"
	DefaultListen  = "127.0.0.1:8447"
	DefaultPath    = "/webhook"
)

// Config is what a Line is made of.
type Config struct {
	Name string // the line's name in the configuration
	Dir  string // where events and people are kept; created with mode 0700

	BaseURL       string // of the Graph API; DefaultBaseURL if empty
	Version       string // path segment, e.g. "v24.0"; DefaultVersion if empty
	Token         string // access token with whatsapp_business_messaging and whatsapp_business_management
	AppSecret     string // verifies webhooks and proves the token
	PhoneNumberID string // the number's id, not the number
	AccountID     string // WhatsApp Business Account; empty leaves its checks out

	Listen      string       // address of the webhook listener; DefaultListen if empty
	Listener    net.Listener // takes Listen's place in the first Run, for tests
	Path        string       // of the webhook; DefaultPath if empty
	VerifyToken string       // what Meta must say in the handshake
	// PublicURL is how Meta reaches the listener, a tunnel's address for
	// instance. It is set as the number's own callback while the line runs and
	// put back afterwards. Empty leaves Meta's settings alone.
	PublicURL string

	// Recording has Meta record every call, with a spoken notice; nil does not.
	Recording *graph.Recording
	// Sounds is the folder for voice messages and Meta's recordings; "sounds"
	// in Dir if empty.
	Sounds string

	Media  MediaOptions
	Timers Timers       // zero fields are filled from DefaultTimers
	Limits Limits       // zero fields are filled from DefaultLimits
	Region string       // for numbers without a country code, ISO 3166
	HTTP   *http.Client // nil is a client of our own
	Log    *slog.Logger // discarded if nil
}

// MediaOptions says how the sound's path is found.
type MediaOptions struct {
	STUN []string // e.g. "stun:stun.example.org:3478"; none sends host candidates only
	// Loopback also uses the loopback interface: for an exchange on this machine.
	Loopback bool
	// PreAccept says when the path is opened before the call is accepted.
	PreAccept PreAccept
	PortMin   uint16 // range of local UDP ports, for firewalls; zero is any
	PortMax   uint16
}

// PreAccept says when the sound's path is opened for a call that comes in.
type PreAccept string

const (
	PreAcceptRing   PreAccept = "ring"   // shortly after it began to ring: answering is instant
	PreAcceptAnswer PreAccept = "answer" // when a person answers
	PreAcceptNever  PreAccept = "never"  // accept alone
)

// Timers are how long things may take. Meta documents 30 to 60 s to answer and
// 20 s of silence; the rest is our choice.
type Timers struct {
	PreAccept time.Duration // from the offer until the path is opened, time for a rule to decline
	Answer    time.Duration // from the offer until answering becomes impossible
	Surely    time.Duration // from the offer, how long answering works for certain
	Stale     time.Duration // how old an offer may be to ring still
	Link      time.Duration // from both descriptions until the path stands
	Hurry     time.Duration // from pre_accept until accept goes out without a path
	Hook      time.Duration // from connect until its answer must have come as a webhook
	Adopt     time.Duration // how long a call whose response was lost may announce itself
	Ring      time.Duration // how long their phone rings
	Quiet     time.Duration // without any packet until the call counts as reconnecting
	Dead      time.Duration // without any packet until it is given up
	Farewell  time.Duration // for ending the calls when the program stops
}

// DefaultTimers are for the real network.
func DefaultTimers() Timers {
	return Timers{
		PreAccept: 300 * time.Millisecond, Answer: 58 * time.Second, Surely: 25 * time.Second, Stale: 60 * time.Second,
		Link: 10 * time.Second, Hurry: 3 * time.Second, Hook: 15 * time.Second, Adopt: 10 * time.Second,
		Ring: 75 * time.Second, Quiet: 5 * time.Second, Dead: 35 * time.Second, Farewell: 3 * time.Second,
	}
}

// Limits are Meta's, kept on our side so that it never has to refuse. They
// change; that is why they are data (as documented in December 2025).
type Limits struct {
	Calls      int // at once, per number
	Dials      int // per 24 h and number; the phone counts them
	PerPerson  int // connected calls that we placed, per 24 h and person
	Unanswered int // in a row to one person; two make Meta ask them, four take the permission away
	AsksPerDay int // permission requests per person
	AsksWeekly int
}

// DefaultLimits are for the real network, and one call short of annoying people.
func DefaultLimits() Limits {
	return Limits{Calls: 1000, Dials: 10000, PerPerson: 100, Unanswered: 2, AsksPerDay: 1, AsksWeekly: 2}
}

var (
	errNoToken   = errors.New("the business line has no access token; create one for a system user in Meta's business settings")
	errNoSecret  = errors.New("the business line has no app secret; without it anybody could forge calls (Meta's dashboard, App settings, Basic)")
	errNoNumber  = errors.New("the business line needs the phone number id: digits, shown in the dashboard under WhatsApp, API Setup")
	errNoDir     = errors.New("the business line has no folder for its events")
	errNoVerify  = errors.New("the business line has no verify token; choose any text and give the same one to Meta")
	errPurpose   = errors.New("Meta records calls only for a purpose, of at most 250 characters")
	errPreAccept = errors.New("pre_accept is one of ring, answer, never")
	errBaseURL   = errors.New("the Graph API's address must be https; plain http is for this machine only")
)

// withDefaults fills what is empty and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	fill(&c.BaseURL, DefaultBaseURL)
	fill(&c.Version, DefaultVersion)
	fill(&c.Listen, DefaultListen)
	fill(&c.Path, DefaultPath)
	fill(&c.Media.PreAccept, PreAcceptRing)
	fill(&c.Sounds, filepath.Join(c.Dir, "sounds"))
	c.Timers = c.Timers.filled()
	c.Limits = c.Limits.filled()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, c.check()
}

func (c Config) check() error {
	_, known := modes[c.Media.PreAccept]
	for _, rule := range []struct {
		broken bool
		err    error
	}{
		{c.Token == "", errNoToken},
		{c.AppSecret == "", errNoSecret},
		{c.VerifyToken == "", errNoVerify},
		{c.Dir == "", errNoDir},
		{c.PhoneNumberID == "" || strings.Trim(c.PhoneNumberID, "0123456789") != "", errNoNumber},
		{!safeURL(c.BaseURL), errBaseURL},
		{!c.Recording.Good(), errPurpose},
		{!known, errPreAccept},
	} {
		if rule.broken {
			return rule.err
		}
	}
	return nil
}

// safeURL reports whether a token may travel to a place.
func safeURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here
}

// fill sets an empty value.
func fill[T comparable](into *T, value T) {
	var zero T
	if *into == zero {
		*into = value
	}
}

func (t Timers) filled() Timers {
	d := DefaultTimers()
	fill(&t.PreAccept, d.PreAccept)
	fill(&t.Answer, d.Answer)
	fill(&t.Surely, d.Surely)
	fill(&t.Stale, d.Stale)
	fill(&t.Link, d.Link)
	fill(&t.Hurry, d.Hurry)
	fill(&t.Hook, d.Hook)
	fill(&t.Adopt, d.Adopt)
	fill(&t.Ring, d.Ring)
	fill(&t.Quiet, d.Quiet)
	fill(&t.Dead, d.Dead)
	fill(&t.Farewell, d.Farewell)
	return t
}

func (l Limits) filled() Limits {
	d := DefaultLimits()
	fill(&l.Calls, d.Calls)
	fill(&l.Dials, d.Dials)
	fill(&l.PerPerson, d.PerPerson)
	fill(&l.Unanswered, d.Unanswered)
	fill(&l.AsksPerDay, d.AsksPerDay)
	fill(&l.AsksWeekly, d.AsksWeekly)
	return l
}
