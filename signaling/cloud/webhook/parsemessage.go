package webhook

import (
	"encoding/json"
	"strings"
)

type message struct {
	ID          string             `json:"id"`
	From        string             `json:"from"`
	UserID      string             `json:"from_user_id"`
	At          integer            `json:"timestamp"`
	Type        string             `json:"type"`
	Context     maybe[reference]   `json:"context"`
	Text        maybe[body]        `json:"text"`
	Audio       maybe[reference]   `json:"audio"`
	Button      maybe[button]      `json:"button"`
	Interactive maybe[interactive] `json:"interactive"`
}

type reference struct {
	ID string `json:"id"`
}

type body struct {
	Body string `json:"body"`
}

type button struct {
	Text string `json:"text"`
}

type interactive struct {
	Type  string       `json:"type"`
	Reply maybe[reply] `json:"call_permission_reply"`
}

type reply struct {
	Response  string  `json:"response"`
	Permanent bool    `json:"is_permanent"`
	Expires   integer `json:"expiration_timestamp"`
	Source    string  `json:"response_source"`
}

func (v value) message(m message) Event {
	from := v.named(person(m.From, m.UserID))
	if m.Interactive.v.Type == "call_permission_reply" {
		r := m.Interactive.v.Reply.v
		return Permission{
			ID: m.ID, From: from, At: m.At.at(), Granted: strings.EqualFold(r.Response, "accept"),
			Permanent: r.Permanent, Expires: r.Expires.at(), Automatic: strings.EqualFold(r.Source, "automatic"),
		}
	}
	t := Text{ID: m.ID, From: from, Kind: m.Type, Body: m.Text.v.Body, Media: m.Audio.v.ID, About: m.Context.v.ID, At: m.At.at()}
	if t.Body == "" {
		t.Body = m.Button.v.Text
	}
	return t
}

func (c change) settings() []Item {
	var v struct {
		Number maybe[struct {
			ID      string          `json:"phone_number_id"`
			Calling json.RawMessage `json:"calling"`
		}] `json:"phone_number_settings"`
	}
	if json.Unmarshal(c.Value, &v) != nil {
		return []Item{{Event: Unknown{Field: c.Field, Raw: c.Value}}}
	}
	return []Item{{v.Number.v.ID, Settings{v.Number.v.Calling}}}
}

func account(raw json.RawMessage) Event {
	var v struct {
		Event     string `json:"event"`
		Violation maybe[struct {
			Type string `json:"violation_type"`
		}] `json:"violation_info"`
		Restrictions several[struct {
			Type    string  `json:"restriction_type"`
			Expires integer `json:"expiration"`
		}] `json:"restriction_info"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return Unknown{Field: "account_update", Raw: raw}
	}
	a := Account{Event: v.Event, Violation: v.Violation.v.Type}
	for _, r := range v.Restrictions {
		a.Restrictions = append(a.Restrictions, r.Type)
		if at := r.Expires.at(); at.After(a.Expires) {
			a.Expires = at
		}
	}
	return a
}
