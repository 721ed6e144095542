package graph

import (
	"context"
	"net/http"
	"strings"
	"time"

	"tring/phone"
)

// Settings are the calling settings of our number. Members that Meta did not
// name are empty: never set.
type Settings struct {
	Status     string       // ENABLED or DISABLED
	Icon       string       // DEFAULT or DISABLE_ALL
	Countries  []string     // ISO 3166; the button shows there only
	Hours      *Hours       // nil if never set
	Callback   string       // ENABLED: who calls us allows a call back for a week
	KeyExch    string       // DTLS or SDES
	Codecs     []string     // PCMA, PCMU besides Opus
	SIP        string       // ENABLED switches Graph calling off
	Voicemail  *Voicemail   // nil if never set
	Restricted []Restricted // what Meta has switched off for now
}

// Restricted is one thing that Meta has switched off.
type Restricted struct {
	Type, Reason string
	Until        time.Time
}

type settingsAnswer struct {
	Calling struct {
		Status string `json:"status"`
		Icon   string `json:"call_icon_visibility"`
		Icons  struct {
			Countries []string `json:"restrict_to_user_countries"`
		} `json:"call_icons"`
		Hours    *hoursWire `json:"call_hours"`
		Callback string     `json:"callback_permission_status"`
		KeyExch  string     `json:"srtp_key_exchange_protocol"`
		Audio    struct {
			Codecs []string `json:"additional_codecs"`
		} `json:"audio"`
		SIP struct {
			Status string `json:"status"`
		} `json:"sip"`
		Voicemail    *voicemailWire `json:"voicemail"`
		Restrictions struct {
			List  []restrictionWire `json:"restrictions_list"`
			Other []restrictionWire `json:"restriction_list"`
		} `json:"restrictions"`
	} `json:"calling"`
}

type restrictionWire struct {
	Type   string `json:"type"`
	Reason string `json:"reason"`
	Until  number `json:"expiration"`
}

// Settings reads the calling settings.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	var a settingsAnswer
	err := c.do(ctx, request{method: http.MethodGet, path: c.number("settings"), policy: read}, &a)
	return a.settings(), err
}

func (a settingsAnswer) settings() Settings {
	in := a.Calling
	s := Settings{
		Status: word(in.Status), Icon: word(in.Icon), Countries: in.Icons.Countries, Callback: word(in.Callback),
		KeyExch: word(in.KeyExch), Codecs: in.Audio.Codecs, SIP: word(in.SIP.Status), Voicemail: in.Voicemail.voicemail(),
	}
	if in.Hours != nil {
		h := in.Hours.hours()
		s.Hours = &h
	}
	for _, r := range append(in.Restrictions.List, in.Restrictions.Other...) {
		s.Restricted = append(s.Restricted, Restricted{word(r.Type), phone.CleanLine(r.Reason, maxDetails), r.Until.at()})
	}
	return s
}

// word is one of Meta's words, however it was written this time.
func word(s string) string {
	return strings.ReplaceAll(strings.ToUpper(phone.CleanLine(s, 80)), " ", "_")
}

// MayCall says why calls in a direction cannot be, or nil.
func (s Settings) MayCall(outgoing bool, now time.Time) error {
	switch {
	case s.SIP == "ENABLED":
		return &Error{Code: 131055}
	case s.Status != "ENABLED":
		return &Error{Code: 138000}
	}
	for _, r := range s.Restricted {
		if !r.Until.IsZero() && now.After(r.Until) {
			continue
		}
		// Two spellings are documented: BIZ_ and BUSINESS_INITIATED.
		if business := strings.Contains(r.Type, "BIZ") || strings.Contains(r.Type, "BUSINESS"); business == outgoing {
			return &Error{Code: 138014, Details: r.text()}
		}
	}
	return nil
}

// String is in one line what is switched off, why and until when.
func (r Restricted) String() string {
	if text := r.text(); text != "" {
		return r.Type + ": " + text
	}
	return r.Type
}

func (r Restricted) text() string {
	if r.Until.IsZero() {
		return r.Reason
	}
	return strings.TrimSpace(r.Reason + " until " + r.Until.Local().Format("2 Jan 15:04"))
}
