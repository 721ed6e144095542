package stanza

import (
	"encoding/json"
	"strconv"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
)

// Settings are the few of the network's voip_settings that matter here. The
// zero value means that nothing was said.
type Settings struct {
	Known       bool          // a readable block was there
	Opus        bool          // encode.use_mlow_codec_v1 is literally "false"
	Clock48     bool          // options.enable_48khz_rtp_clock is "true"
	RingTimeout time.Duration // options.caller_timeout
	Duration    bool          // options.enable_call_duration_msg: send a duration report
}

// voipSettings are the paths that are read. Leaves are strings on the wire; a
// leaf of another type is taken as absent, which leaf does.
type voipSettings struct {
	Encode  map[string]any `json:"encode"`
	Options map[string]any `json:"options"`
}

func leaf(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// parseSettings reads a <voip_settings> element. Content that is not marked
// uncompressed is opaque and ignored.
func parseSettings(n *waBinary.Node) Settings {
	if n == nil || text(n, "uncompressed") != "1" {
		return Settings{}
	}
	var v voipSettings
	if json.Unmarshal(blob(n, maxJSON), &v) != nil {
		return Settings{}
	}
	return Settings{
		Known:       true,
		Opus:        leaf(v.Encode, "use_mlow_codec_v1") == "false",
		Clock48:     leaf(v.Options, "enable_48khz_rtp_clock") == "true",
		RingTimeout: ringTimeout(leaf(v.Options, "caller_timeout")),
		Duration:    leaf(v.Options, "enable_call_duration_msg") == "true",
	}
}

// ringTimeout reads seconds; only 10 s to 5 min make sense.
func ringTimeout(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 10 || n > 300 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// Overlay is the minimal voip_settings of an answer: the peer merges it over
// its own and then decodes plain Opus instead of MLow, with an RTP clock of
// 16 kHz, or of 48 kHz.
func Overlay(clock48 bool) waBinary.Node {
	json := `{"encode":{"use_mlow_codec_v1":"false"},"options":{"enable_48khz_rtp_clock":"` + strconv.FormatBool(clock48) + `"}}`
	return waBinary.Node{Tag: "voip_settings", Attrs: waBinary.Attrs{"uncompressed": "1"}, Content: []byte(json)}
}
