package whatsapp

import (
	"fmt"
	"slices"
	"strings"

	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// Setting is one contested choice under the name that a configuration uses.
// The first value is the default.
type Setting struct {
	Name     string
	Values   []string
	Sentence string // what it changes

	set func(c *Choices, value string)
	get func(c Choices) string
}

// yesNo is a setting that is on or off.
func yesNo(name string, byDefault bool, sentence string, at func(*Choices) *bool) Setting {
	values := []string{"off", "on"}
	if byDefault {
		values = []string{"on", "off"}
	}
	return Setting{
		Name: name, Values: values, Sentence: sentence,
		set: func(c *Choices, v string) { *at(c) = v == "on" },
		get: func(c Choices) string {
			if *at(&c) {
				return "on"
			}
			return "off"
		},
	}
}

// oneOf is a setting with named values.
func oneOf[T ~string](name, sentence string, at func(*Choices) *T, values ...T) Setting {
	s := Setting{
		Name: name, Sentence: sentence,
		set: func(c *Choices, v string) { *at(c) = T(v) },
		get: func(c Choices) string { return string(*at(&c)) },
	}
	for _, v := range values {
		s.Values = append(s.Values, string(v))
	}
	return s
}

// settings are all contested choices, in the order of docs/live-checklist.md.
var settings = []Setting{
	oneOf("caller_codec", "what we send in calls that we place, until the callee says that it takes plain Opus",
		func(c *Choices) *CallerCodec { return &c.CallerCodec }, EscapedOpus, PlainOpus),
	{
		Name: "offer_overlay", Values: []string{"none", "before-encopt", "last"}, Sentence: "whether and where an offer asks the callee to decode plain Opus",
		set: func(c *Choices, v string) {
			c.Overlay = map[string]stanza.OverlayPlace{"before-encopt": stanza.OverlayBeforeEncopt, "last": stanza.OverlayLast}[v]
		},
		get: func(c Choices) string {
			if c.Overlay == stanza.NoOverlay {
				return "none"
			}
			return string(c.Overlay)
		},
	},
	yesNo("accept_overlay", true, "our answer asks the caller to decode plain Opus", func(c *Choices) *bool { return &c.AcceptOverlay }),
	yesNo("accept_capability", true, "our answer repeats what we can decode", func(c *Choices) *bool { return &c.AcceptCapability }),
	oneOf("opus", "which Opus our answer asks for", func(c *Choices) *call.Opus { return &c.Opus }, call.Opus16, call.Opus48),
	{
		Name: "capability", Values: []string{"web", "lean", "web+mlow"}, Sentence: "which abilities we announce; all but the last without MLow",
		set: func(c *Choices, v string) { c.Capability = capabilities[v] },
		get: func(c Choices) string {
			for name, blob := range capabilities {
				if slices.Equal(blob, c.Capability) {
					return name
				}
			}
			return "other"
		},
	},
	{
		Name: "offer_rates", Values: []string{"8000,16000", "16000"}, Sentence: "the audio rates of an offer",
		set: func(c *Choices, v string) {
			c.Rates = map[string][]int{"16000": {16000}, "8000,16000": {8000, 16000}}[v]
		},
		get: func(c Choices) string {
			if slices.Equal(c.Rates, []int{16000}) {
				return "16000"
			}
			return "8000,16000"
		},
	},
	oneOf("preaccept", "when we tell a caller that it rings here", func(c *Choices) *call.Preaccept { return &c.Preaccept },
		call.PreacceptEager, call.PreacceptWithAnswer, call.PreacceptOff),
	yesNo("await_mute", false, "hold the accept back until the caller said whether it is muted, a second at most", func(c *Choices) *bool { return &c.AwaitMute }),
	yesNo("guard_answer", true, "do not believe a plain terminate in the half second after our accept", func(c *Choices) *bool { return &c.GuardAnswer }),
	oneOf("dismiss", "how a callee's other devices are told that somebody answered", func(c *Choices) *call.Dismiss { return &c.Dismiss },
		call.DismissTogether, call.DismissEach),
	yesNo("reject_from", false, "a decline names its sender at once, not only when it is repeated", func(c *Choices) *bool { return &c.RejectFrom }),
	yesNo("retry_keys", true, "encrypt the key again for a device that could not read it", func(c *Choices) *bool { return &c.RetryKeys }),
	yesNo("strip_keys", false, "send an offer without any key when one device could not be encrypted for", func(c *Choices) *bool { return &c.StripKeys }),
	{
		Name: "token", Values: []string{"privacy", "tctoken"}, Sentence: "how the callee's privacy token is called in an offer",
		set: func(c *Choices, v string) { c.TokenElement = v }, get: func(c Choices) string { return c.TokenElement },
	},
	yesNo("dial_number", false, "place a call to the bare number when the hidden id is not to be had", func(c *Choices) *bool { return &c.DialNumber }),
	yesNo("end_on_mismatch", true, "hang up when their app sends what we cannot decode", func(c *Choices) *bool { return &c.EndOnMismatch }),
	yesNo("heartbeat", true, "prove every ten seconds that the call lives", func(c *Choices) *bool { return &c.Heartbeat }),
	yesNo("few_latencies", false, "report only relays that carry both directions", func(c *Choices) *bool { return &c.FewLatencies }),
	yesNo("duration_in_seconds", false, "report how long a call was in seconds instead of milliseconds", func(c *Choices) *bool { return &c.Seconds }),
	yesNo("quiet_offline", false, "send no receipt for calls from the offline queue", func(c *Choices) *bool { return &c.QuietOffline }),
}

// capabilities by their names in a configuration.
var capabilities = map[string]stanza.Capability{
	"web": stanza.WebCapability.Without(stanza.MLow), "lean": stanza.LeanCapability.Without(stanza.MLow), "web+mlow": stanza.WebCapability,
}

// Settings lists the contested choices by name.
func Settings() []Setting { return slices.Clone(settings) }

// Set makes one choice by its name in a configuration.
func (c *Choices) Set(name, value string) error {
	for _, s := range settings {
		if s.Name != name {
			continue
		}
		if !slices.Contains(s.Values, value) {
			return fmt.Errorf("%s cannot be %q; choose one of %s", name, value, strings.Join(s.Values, ", "))
		}
		s.set(c, value)
		return nil
	}
	return fmt.Errorf("there is no choice named %q; see docs/live-checklist.md", name)
}

// Get is the value of a choice by its name; "" if there is none.
func (c Choices) Get(name string) string {
	for _, s := range settings {
		if s.Name == name {
			return s.get(c)
		}
	}
	return ""
}
