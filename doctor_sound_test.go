package main

import (
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func TestTheSoundOfATrialCallIsJudged(t *testing.T) {
	echo := Hearing{Hz: 882, Level: -16, Bursts: 3, RoundTrip: 240 * time.Millisecond, Heard: time.Second}
	voice := Hearing{Hz: 210, Level: -23, Heard: 4 * time.Second}
	some := phone.Quality{Sent: 100, Received: 90}
	all := func(turn []string) []string { return turn }
	none := func([]string) []string { return nil }
	for name, c := range map[string]struct {
		got    finding
		result string
		tells  string
	}{
		"our beeps come back":           {theirSound(echo, some), "pass", "our own beeps come back, after 240 ms"},
		"somebody speaks":               {theirSound(voice, some), "pass", "4.0 s at -23 dBFS"},
		"packets without sound":         {theirSound(Hearing{}, some), "warn", "90 packets came, and all of them were silent"},
		"no packets":                    {theirSound(Hearing{}, phone.Quality{}), "fail", "no packet came"},
		"an echo proves our sound":      {ourSound(echo, some, all), "pass", "it came back"},
		"only they know":                {ourSound(voice, some, all), "ask", "if it was noise: try --set choices.caller_codec=plain, then"},
		"nothing is left to try":        {ourSound(voice, some, none), "ask", "if it was noise"},
		"they miss packets":             {ourSound(voice, phone.Quality{Sent: 9, RemoteLoss: 0.25}, all), "ask", "misses 25 % of our packets"},
		"nothing was sent":              {ourSound(voice, phone.Quality{}, all), "fail", "nothing could be sent"},
		"a good call":                   {soundQuality(phone.Quality{MOS: 4.4, Codec: "opus"}), "pass", "MOS 4.4"},
		"a bad one":                     {soundQuality(phone.Quality{MOS: 2, Codec: "opus"}), "warn", "bad: opus"},
		"a frequency is not yet a beep": {theirSound(Hearing{Hz: 700, Bursts: 2, Heard: time.Second}, some), "pass", "around 700 Hz"},
	} {
		if text := c.got.Found + " " + c.got.Do; c.got.Result != c.result || !strings.Contains(text, c.tells) {
			t.Errorf("%s: %+v", name, c.got)
		}
	}
}

func TestARemedyIsOneSentence(t *testing.T) {
	for want, got := range map[string]string{
		"":                                    remedy("", nil),
		"call again":                          remedy("call again", nil),
		"try --set a=b":                       remedy("", []string{"a=b"}),
		"call again; try --set a=b":           remedy("call again", []string{"a=b"}),
		"if not: try --set a=b, then --set c": remedy("if not", []string{"a=b", "c"}),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
