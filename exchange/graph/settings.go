package graph

import (
	"encoding/json"
	"slices"
)

// The words of Meta's switches.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// leastLimit is the messaging limit below which calling cannot be enabled.
const leastLimit = 2000

// settings are a number's calling settings. What was never set is not there.
type settings struct {
	Status             string         `json:"status"`
	IconVisibility     string         `json:"call_icon_visibility,omitempty"`
	Icons              *icons         `json:"call_icons,omitempty"`
	Hours              *hours         `json:"call_hours,omitempty"`
	CallbackPermission string         `json:"callback_permission_status,omitempty"`
	KeyExchange        string         `json:"srtp_key_exchange_protocol,omitempty"`
	Audio              *audioSettings `json:"audio,omitempty"`
	Voicemail          *voicemail     `json:"voicemail,omitempty"`
	SIP                *sipSettings   `json:"sip,omitempty"`
}

type icons struct {
	Countries []string `json:"restrict_to_user_countries"`
}

type audioSettings struct {
	Codecs []string `json:"additional_codecs"`
}

type voicemail struct {
	Status   string   `json:"status"`
	Triggers []string `json:"triggers,omitempty"`
	Audio    object   `json:"audio,omitempty"`
}

type sipSettings struct {
	Status  string   `json:"status"`
	Servers []object `json:"servers"`
}

// restriction is why calls are paused.
type restriction struct {
	Type    string `json:"type"`
	Reason  string `json:"reason"`
	Expires int64  `json:"expiration"` // Unix seconds
}

const (
	restrictedDialling = "RESTRICTED_BUSINESS_INITIATED_CALLING"
	restrictedCalls    = "RESTRICTED_USER_INITIATED_CALLING"
)

func defaultSettings(on bool) settings {
	s := settings{Status: disabled, IconVisibility: "DEFAULT", CallbackPermission: disabled, SIP: &sipSettings{Status: disabled, Servers: []object{}}}
	if on {
		s.Status = enabled
	}
	return s
}

// getSettings answers GET settings.
func (s *Server) getSettings(*request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return object{"calling": s.calling(), "storage_configuration": object{"status": "DEFAULT"}}, nil
}

// calling is the object with what only answers have. s.mu is held.
func (s *Server) calling() object {
	var o object
	b, _ := json.Marshal(s.business.settings) // it came from JSON
	_ = json.Unmarshal(b, &o)
	if len(s.business.restricted) > 0 {
		o["restrictions"] = object{"restrictions_list": s.business.restricted}
	}
	return o
}

// isRestricted says whether calls of a kind are paused. s.mu is held.
func (s *Server) isRestricted(kind string) bool {
	now := s.clock.Now().Unix()
	return slices.ContainsFunc(s.business.restricted, func(r restriction) bool { return r.Type == kind && r.Expires > now })
}

// Restrict pauses calls until a time, for bad quality: those that the business
// places, or all those that come in.
func (s *Server) Restrict(dialling bool, reason string, expires int64) {
	kind := restrictedCalls
	if dialling {
		kind = restrictedDialling
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.restricted = append(s.business.restricted, restriction{kind, reason, expires})
	s.tell("account_update", "restriction", "", object{
		"event":            "ACCOUNT_RESTRICTION",
		"restriction_info": []object{{"restriction_type": kind, "expiration": expires}},
	})
}

// SetSIP enables or disables SIP, as somebody else did in the dashboard. While
// it is enabled, the Graph API makes no calls and no webhook tells of any.
func (s *Server) SetSIP(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.sip = on
	status := disabled
	if on {
		status = enabled
	}
	s.business.settings.SIP = &sipSettings{Status: status, Servers: []object{}}
	s.tellSettings()
}

// postSettings changes settings.
func (s *Server) postSettings(r *request) (any, error) {
	type body struct {
		Calling *json.RawMessage `json:"calling"`
	}
	b, err := read[body](s, r)
	if err != nil {
		return nil, err
	}
	if b.Calling == nil {
		return nil, refuse(100, "calling is missing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next, err := s.merged(*b.Calling)
	if err != nil {
		return nil, err
	}
	s.business.settings = next
	s.business.sip = next.SIP.Status == enabled
	s.tellSettings()
	return object{"success": true}, nil
}

// merged is the settings after a change: what is not mentioned stays, but
// call_hours is replaced as a whole.
func (s *Server) merged(change []byte) (settings, error) {
	var next settings
	old, _ := json.Marshal(s.business.settings) // it came from JSON
	_ = json.Unmarshal(old, &next)
	var mentioned map[string]json.RawMessage
	if err := json.Unmarshal(change, &mentioned); err != nil {
		return next, refuse(100, "calling must be an object")
	}
	if _, ok := mentioned["call_hours"]; ok {
		next.Hours = nil
	}
	if err := json.Unmarshal(change, &next); err != nil {
		return next, refuse(100, "calling is not as expected: %v", err)
	}
	if next.SIP == nil {
		next.SIP = &sipSettings{Status: disabled, Servers: []object{}}
	}
	return next, s.acceptable(next)
}

// acceptable makes Meta's checks of new settings.
func (s *Server) acceptable(n settings) error {
	was := s.business.settings
	for _, word := range []struct {
		member, value string
		may           []string
	}{
		{"status", n.Status, []string{enabled, disabled}},
		{"call_icon_visibility", n.IconVisibility, []string{"", "DEFAULT", "DISABLE_ALL"}},
		{"callback_permission_status", n.CallbackPermission, []string{"", enabled, disabled}},
		{"srtp_key_exchange_protocol", n.KeyExchange, []string{"", "DTLS", "SDES"}},
		{"sip.status", n.SIP.Status, []string{enabled, disabled}},
	} {
		if !slices.Contains(word.may, word.value) {
			return refuse(100, "%s must not be %.40q", word.member, word.value)
		}
	}
	switch {
	case n.Voicemail != nil && n.Voicemail.Status == enabled && len(n.Voicemail.Triggers) == 0:
		return refuse(100, "voicemail needs a trigger, REJECT or TIMEOUT")
	case n.Status == enabled && was.Status != enabled && s.options.Business.Limit < leastLimit:
		return refuse(138015, "the messaging limit is below %d", leastLimit)
	case n.Status == enabled && was.Status != enabled && !slices.Contains(s.business.fields, "calls"):
		return refuse(138018, "the app is not subscribed to the webhook field calls")
	case n.Hours != nil:
		return n.Hours.acceptable(s.clock.Now())
	}
	return nil
}

// tellSettings tells everybody's changes, the business's own included.
func (s *Server) tellSettings() {
	s.tell("account_settings_update", "phone_number_settings", "", object{
		"messaging_product": "whatsapp", "timestamp": unix(s.clock.Now()), "type": "phone_number_settings",
		"phone_number_settings": object{"phone_number_id": s.options.Business.PhoneNumberID, "calling": s.calling()},
	})
}
