package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Patch is a change of settings: what is nil stays as it is.
type Patch struct {
	Status, Icon, Callback *string
	Countries              *[]string
	Codecs                 *[]string
	Hours                  *Hours
	SIP                    *string
	Voicemail              *Voicemail
}

// Change is one setting before and after.
type Change struct{ Name, From, To string }

func (c Change) String() string {
	return fmt.Sprintf("%s is %s now, it was %s", c.Name, said(c.To), said(c.From))
}

// said is a value for people.
func said(value string) string {
	if value == "" {
		return "not set"
	}
	return value
}

// Apply is what the settings become by a patch.
func (s Settings) Apply(p Patch) Settings {
	for _, f := range []struct {
		into *string
		from *string
	}{{&s.Status, p.Status}, {&s.Icon, p.Icon}, {&s.Callback, p.Callback}, {&s.SIP, p.SIP}} {
		if f.from != nil {
			*f.into = *f.from
		}
	}
	if p.Countries != nil {
		s.Countries = *p.Countries
	}
	if p.Codecs != nil {
		s.Codecs = *p.Codecs
	}
	if p.Hours != nil {
		s.Hours = p.Hours
	}
	if p.Voicemail != nil {
		s.Voicemail = p.Voicemail
	}
	return s
}

// Words are the settings that we can change, by name, as text in To.
func (s Settings) Words() []Change {
	w := s.words()
	var out []Change
	for _, name := range slices.Sorted(maps.Keys(w)) {
		out = append(out, Change{Name: name, To: w[name]})
	}
	return out
}

// Diff is what differs between two settings, by name.
func Diff(from, to Settings) []Change {
	a, b := from.words(), to.words()
	var out []Change
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if a[name] != b[name] {
			out = append(out, Change{name, a[name], b[name]})
		}
	}
	return out
}

// words are the settings that we can change, as text.
func (s Settings) words() map[string]string {
	w := map[string]string{
		"status": s.Status, "call_icon_visibility": s.Icon, "callback_permission_status": s.Callback, "sip": s.SIP,
		"restrict_to_user_countries": strings.Join(s.Countries, " "), "additional_codecs": strings.Join(s.Codecs, " "), "call_hours": "",
		"voicemail": s.Voicemail.String(),
	}
	if s.Hours != nil {
		w["call_hours"] = s.Hours.String()
	}
	return w
}

// SetSettings saves a change, reads the settings again and says what Meta did
// not take over. Customers' apps may show it up to seven days later.
func (c *Client) SetSettings(ctx context.Context, p Patch) (Settings, error) {
	if p.Hours != nil {
		if err := p.Hours.Check(c.Now()); err != nil {
			return Settings{}, err
		}
	}
	body := object{"calling": p.wire()}
	if err := c.do(ctx, request{method: http.MethodPost, path: c.number("settings"), body: body, policy: read}, nil); err != nil {
		return Settings{}, err
	}
	got, err := c.Settings(ctx)
	if err != nil {
		return got, fmt.Errorf("the settings were saved but could not be read again: %w", err)
	}
	if d := Diff(got.Apply(p), got); len(d) > 0 {
		return got, fmt.Errorf("Meta did not take over %s: it is %q, not %q", d[0].Name, d[0].To, d[0].From)
	}
	return got, nil
}

func (p Patch) wire() object {
	o := object{}
	for name, v := range map[string]*string{"status": p.Status, "call_icon_visibility": p.Icon, "callback_permission_status": p.Callback} {
		if v != nil {
			o[name] = *v
		}
	}
	if p.SIP != nil {
		o["sip"] = object{"status": *p.SIP}
	}
	if p.Countries != nil {
		o["call_icons"] = object{"restrict_to_user_countries": nonNil(*p.Countries)}
	}
	if p.Codecs != nil {
		o["audio"] = object{"additional_codecs": nonNil(*p.Codecs)}
	}
	if p.Hours != nil {
		o["call_hours"] = p.Hours.wire()
	}
	if p.Voicemail != nil {
		o["voicemail"] = p.Voicemail.wire()
	}
	return o
}

// nonNil makes an empty list one in JSON: it clears, null does not.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// MarshalJSON shows a patch as it is sent, for dry runs.
func (p Patch) MarshalJSON() ([]byte, error) { return json.Marshal(object{"calling": p.wire()}) }
