package graph

import (
	"log/slog"
	"time"

	"tring/audio"
	"tring/exchange/graph/hook"
	"tring/exchange/graph/leg"
)

// Options set a server up. The zero value is one business number on loopback.
type Options struct {
	Listen   string // host:port of the Graph API, loopback and a free port if empty
	Business Business
	Timers   Timers
	Lax      Lax
	Leg      leg.Options  // of every call's relay
	Hook     hook.Options // of the webhooks; Secret, Account, Now and Log are set here
	// Codecs make customers' voices. Without them customers send silence and
	// only count what they hear.
	Codecs audio.Codecs
	Log    *slog.Logger
}

// Business is the one business of a server, and what its app may do.
type Business struct {
	Number        string // digits
	Name          string // verified name
	PhoneNumberID string
	AccountID     string // WhatsApp Business Account
	AppID         string
	Token         string // access token with both permissions
	AppSecret     string
	Country       string // ISO 3166; some may not place calls
	Limit         int    // messaging limit of the portfolio; below 2000 calling cannot be enabled
	Disabled      bool   // calling is off at the start
	NeedsProof    bool   // the app asks for appsecret_proof
}

// Defaults of a Business.
const (
	defaultNumber  = "15550100100"
	defaultName    = "Tring Flowers"
	defaultPhoneID = "410000000000001"
	defaultAccount = "520000000000001"
	defaultApp     = "630000000000001"
	defaultToken   = "EAAemulatortoken"
	defaultSecret  = "emulator-app-secret"
	defaultCountry = "ES"
	defaultLimit   = 2000
)

// Timers are Meta's. Those that it does not document are guesses of people who
// measured.
type Timers struct {
	Ring    time.Duration // how long a call to the business rings: documented as 30 to 60 s
	Dial    time.Duration // how long a customer's phone rings; not documented
	Answer  time.Duration // from connect until its webhook; negative holds the response back for that long instead
	Alert   time.Duration // from that webhook until the customer's phone rings
	Accept  time.Duration // how late the status ACCEPTED is
	Silent  time.Duration // without media after accepting: 20 s
	Lost    time.Duration // without any packet later on: 30 s
	Window  time.Duration // for free messages: 24 h
	Consent time.Duration // a temporary permission: 7 days
}

// DefaultTimers are Meta's.
func DefaultTimers() Timers {
	return Timers{
		Ring: 45 * time.Second, Dial: 60 * time.Second, Answer: 700 * time.Millisecond, Alert: 500 * time.Millisecond,
		Silent: 20 * time.Second, Lost: 30 * time.Second, Window: 24 * time.Hour, Consent: 7 * 24 * time.Hour,
	}
}

// Lax switches single checks off. The zero value is strict.
type Lax struct {
	Plus         bool // numbers may be written with a plus sign
	OfferAsType  bool // pre_accept and accept may say sdp_type "offer", as one of Meta's tables does
	OtherAnswer  bool // accept may differ from pre_accept
	OldVersions  bool // versions below v17.0 may call
	LateFailures bool // a message outside the window fails later, in a webhook
}

func (o Options) withDefaults() Options {
	b := &o.Business
	fill(&o.Listen, "127.0.0.1:0")
	fill(&b.Number, defaultNumber)
	fill(&b.Name, defaultName)
	fill(&b.PhoneNumberID, defaultPhoneID)
	fill(&b.AccountID, defaultAccount)
	fill(&b.AppID, defaultApp)
	fill(&b.Token, defaultToken)
	fill(&b.AppSecret, defaultSecret)
	fill(&b.Country, defaultCountry)
	fill(&b.Limit, defaultLimit)
	o.Timers = o.Timers.filled()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Leg.Log = o.Log
	return o
}

func (t Timers) filled() Timers {
	d := DefaultTimers()
	fill(&t.Ring, d.Ring)
	fill(&t.Dial, d.Dial)
	fill(&t.Answer, d.Answer)
	fill(&t.Alert, d.Alert)
	fill(&t.Silent, d.Silent)
	fill(&t.Lost, d.Lost)
	fill(&t.Window, d.Window)
	fill(&t.Consent, d.Consent)
	return t
}

// fill sets an empty value.
func fill[T comparable](into *T, value T) {
	var zero T
	if *into == zero {
		*into = value
	}
}
