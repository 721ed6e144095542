package webhook

import (
	"encoding/json"
	"errors"
	"strings"
)

// maxItems is how many updates Meta puts into one delivery.
const maxItems = 1000

var errEnvelope = errors.New("the webhook is no JSON object of Meta's")

type envelope struct {
	Object  string `json:"object"`
	Entries several[struct {
		Changes several[change] `json:"changes"`
	}] `json:"entry"`
}

type change struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`
}

// value is what calls and messages share.
type value struct {
	Metadata struct {
		Number string `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts several[contact]         `json:"contacts"`
	Calls    several[json.RawMessage] `json:"calls"`
	Statuses several[status]          `json:"statuses"`
	Messages several[message]         `json:"messages"`
	Errors   several[fault]           `json:"errors"`
}

type contact struct {
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
	Number string `json:"wa_id"`
	UserID string `json:"user_id"`
}

type fault struct {
	Code    integer `json:"code"`
	Title   string  `json:"title"`
	Message string  `json:"message"`
	Data    maybe[struct {
		Details string `json:"details"`
	}] `json:"error_data"`
}

// Parse says what a body means. What it does not know comes as Unknown; what
// is broken is left out, the rest is kept.
func Parse(body []byte) ([]Item, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || e.Object == "" {
		return nil, errEnvelope
	}
	var items []Item
	for _, entry := range e.Entries {
		for _, c := range entry.Changes {
			if items = append(items, c.items()...); len(items) >= maxItems {
				return items[:maxItems], nil
			}
		}
	}
	return items, nil
}

func (c change) items() []Item {
	switch c.Field {
	case "calls", "messages":
		return c.parsed()
	case "account_settings_update":
		return c.settings()
	case "account_update":
		return []Item{{Event: account(c.Value)}}
	}
	return []Item{{Event: Unknown{Field: c.Field, Raw: c.Value}}}
}

func (c change) parsed() []Item {
	var v value
	if json.Unmarshal(c.Value, &v) != nil {
		return []Item{{Event: Unknown{Field: c.Field, Name: "unreadable", Raw: c.Value}}}
	}
	var items []Item
	add := func(e Event) { items = append(items, Item{v.Metadata.Number, e}) }
	for _, raw := range v.Calls {
		add(v.call(raw))
	}
	for _, s := range v.Statuses {
		add(v.status(s))
	}
	for _, m := range v.Messages {
		add(v.message(m))
	}
	return items
}

// named completes a person from the contacts of the event.
func (v value) named(p Person) Person {
	for _, c := range v.Contacts {
		if known := person(c.Number, c.UserID); p.same(known) || p == (Person{}) || len(v.Contacts) == 1 && p.Number == "" && known.UserID == "" {
			return p.with(known, c)
		}
	}
	return p
}

func (p Person) same(q Person) bool {
	return p.Number != "" && p.Number == q.Number || p.UserID != "" && p.UserID == q.UserID
}

func (p Person) with(q Person, c contact) Person {
	for _, f := range []struct {
		into *string
		from string
	}{{&p.Number, q.Number}, {&p.UserID, q.UserID}, {&p.Name, c.Profile.Name}, {&p.Name, c.Profile.Username}} {
		if *f.into == "" {
			*f.into = f.from
		}
	}
	return p
}

func faults(lists ...several[fault]) []Fault {
	var all []Fault
	for _, l := range lists {
		for _, f := range l {
			text := f.Data.v.Details
			for _, other := range []string{f.Message, f.Title} {
				if text == "" {
					text = other
				}
			}
			all = append(all, Fault{int(f.Code), text})
		}
	}
	return all
}

type status struct {
	ID        string         `json:"id"`
	Type      string         `json:"type"`
	Status    string         `json:"status"`
	At        integer        `json:"timestamp"`
	Recipient string         `json:"recipient_id"`
	UserID    string         `json:"recipient_user_id"`
	Opaque    string         `json:"biz_opaque_callback_data"`
	Errors    several[fault] `json:"errors"`
}

// status is a call's progress or a message's delivery.
func (v value) status(s status) Event {
	who := v.named(person(s.Recipient, s.UserID))
	if strings.EqualFold(s.Type, "call") || strings.HasPrefix(s.ID, "wacid.") {
		return Progress{ID: s.ID, Status: strings.ToUpper(s.Status), Person: who, Opaque: s.Opaque, At: s.At.at()}
	}
	return Delivery{ID: s.ID, Status: strings.ToLower(s.Status), Person: who, At: s.At.at(), Faults: faults(s.Errors, v.Errors)}
}
