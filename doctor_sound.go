package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tring/phone"
)

// remedy joins what to do with the settings to try.
func remedy(do string, turn []string) string {
	if len(turn) == 0 {
		return do
	}
	try := "try --set " + strings.Join(turn, ", then --set ")
	switch {
	case do == "":
		return try
	case strings.HasPrefix(do, "if "):
		return do + ": " + try
	}
	return do + "; " + try
}

// echoed reports whether our own beeps came back.
func (h Hearing) echoed() bool { return h.Bursts > 0 && math.Abs(h.Hz-probeHz) <= 10 }

// theirSound judges what was heard of the other side.
func theirSound(h Hearing, q phone.Quality) finding {
	switch {
	case h.echoed():
		return pass("%.0f Hz at %.0f dBFS: our own beeps come back, after %d ms", h.Hz, h.Level, h.RoundTrip.Milliseconds())
	case h.Heard > 0:
		return pass("%.1f s at %.0f dBFS, around %.0f Hz", h.Heard.Seconds(), h.Level, h.Hz)
	case q.Received > 0:
		return warn("was their microphone on, and did they say something? Noise that is never loud is a codec's", "%d packets came, and all of them were silent", q.Received)
	}
	return fail("allow UDP to ports 3478 and 3480 in the firewall", "no packet came")
}

// ourSound judges whether we were heard. Only an echo proves it; else a
// person must say.
func ourSound(h Hearing, q phone.Quality, untried func([]string) []string) finding {
	if h.echoed() {
		return pass("they hear us: it came back")
	}
	f := finding{
		Result: "ask", Found: "what did they hear: beeps, noise or nothing?",
		Do: remedy("if it was noise", untried([]string{"choices.caller_codec=plain", "choices.caller_codec=escape", "choices.offer_overlay=before-encopt", "choices.offer_overlay=last"})),
	}
	if q.Sent == 0 {
		return fail("allow UDP to ports 3478 and 3480 in the firewall", "nothing could be sent")
	}
	if q.RemoteLoss > 0 {
		f.Found += fmt.Sprintf(" Their app says that it misses %.0f %% of our packets.", 100*q.RemoteLoss)
	}
	return f
}

// soundQuality sums the sound up.
func soundQuality(q phone.Quality) finding {
	text := fmt.Sprintf("%s by %s, %s, loss %.1f %%, round trip %v, MOS %.1f", q.Codec, q.Path, q.Encrypted, 100*q.Loss, q.RTT.Round(time.Millisecond), q.MOS)
	if word := q.Word(); word == "poor" || word == "bad" {
		return warn("another network, or a cable", "%s: %s", word, text)
	}
	return pass("%s", text)
}
