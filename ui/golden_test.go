package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"tring/phone"
)

// sizes are those that the screens are drawn for.
var sizes = []struct{ w, h int }{{120, 40}, {80, 24}, {60, 16}, {40, 10}, {30, 4}}

// linkText has the length of what WhatsApp puts into its code.
var linkText = "https://wa.me/settings/linked_devices#" + strings.Repeat("2@Ab3dEfGh1jKlMnOpQrStUvWxYz0/", 8)

// scene is one state of one screen.
type scene struct {
	name   string
	change func(*fakePhone, *Config)
	play   func(*stage)
}

func nothing(*stage) {}

var scenes = []scene{
	{"home", nil, nothing},
	{"home with contacts", nil, func(s *stage) { s.press("tab") }},
	{"home with favourites", nil, func(s *stage) { s.press("tab", "tab") }},
	{"home with voicemail", withVoicemail, func(s *stage) { s.press("shift+tab") }},
	{"home playing a voicemail", withVoicemail, func(s *stage) { s.press("shift+tab", "p"); s.wait(5 * time.Second) }},
	{"home without voicemail", nil, func(s *stage) { s.press("shift+tab") }},
	{"home searching a name", nil, func(s *stage) { s.press("/"); s.write("pri") }},
	{"home searching digits", nil, func(s *stage) { s.press("/"); s.write("0171") }},
	{"home searching nobody", nil, func(s *stage) { s.press("/"); s.write("zzz") }},
	{"home dialling", nil, func(s *stage) { s.write("07700 900456") }},
	{"home dialling a match", nil, func(s *stage) { s.write("07700"); s.press("tab") }},
	{"home refusing 999", nil, func(s *stage) { s.write("999") }},
	{"home of a new account", func(f *fakePhone, _ *Config) { f.contacts, f.entries, f.missed = nil, nil, 0 }, nothing},
	{"home logged out", func(f *fakePhone, _ *Config) {
		f.lines[0].Status, f.lines[0].Detail = phone.LineLoggedOut, "This computer was removed on the phone."
	}, nothing},
	{"home with two lines", func(f *fakePhone, _ *Config) {
		f.lines = append(f.lines, phone.LineInfo{Name: "shop", Kind: phone.BusinessLine, Status: phone.LineConnecting, Own: phone.Party{Number: "+442079460958"}})
	}, nothing},
	{"home calling from the shop", shopPhone, func(s *stage) { s.press("ctrl+t", "ctrl+t"); s.write("07700 9") }},
	{"home without sound", func(f *fakePhone, _ *Config) { f.devices, f.choice = nil, phone.SoundChoice{} }, nothing},
	{"home with a silenced call", nil, func(s *stage) { s.phone.offer(sam); s.settle(); s.wait(time.Second); s.press("i") }},
	{"home while a call goes on", nil, func(s *stage) { s.talking(); s.press("esc") }},
	{"home after a failure", nil, func(s *stage) {
		s.phone.refuse["dial"] = phone.LineDown
		s.press("enter")
	}},

	{"linking by QR", linkingPhone, scanning},
	{"linking by QR in the demo", func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.Demo, c.Scan = true, func(context.Context, string) error { return nil }
	}, scanning},
	{"linking by code", linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingCode, Text: "K7Q29FXM", SessionEnd: s.now().Add(150 * time.Second)})
	}},
	{"linking asking the number", linkingPhone, func(s *stage) { scanning(s); s.press("p"); s.write("+44 7700") }},
	{"linking with a passkey", linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingPasskey, Text: `{"challenge":"x"}`, SessionEnd: s.now().Add(125 * time.Second)})
	}},
	{"linking confirming", linkingPhone, func(s *stage) { s.paired(phone.PairingStep{Kind: phone.PairingConfirm, Text: "K7Q2-9F"}) }},
	{"linking waiting", linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingWait, Text: "the phone is sending contacts"})
	}},
	{"linking failed", linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingFailed, Err: errors.New("nobody scanned the code in time")})
	}},

	{"incoming", nil, func(s *stage) { s.phone.offer(bruno); s.settle(); s.wait(7 * time.Second) }},
	{"incoming just now", nil, func(s *stage) { s.phone.offer(bruno); s.settle() }},
	{"incoming from a stranger", nil, func(s *stage) {
		s.phone.offer(phone.Party{LID: "9988776655", PushName: "\x1b[31mEve\u202e\n\x07"})
		s.settle()
		s.wait(time.Second)
	}},
	{"incoming choosing a message", nil, func(s *stage) { s.phone.offer(bruno); s.settle(); s.wait(time.Second); s.press("t") }},
	{"incoming writing a message", nil, func(s *stage) {
		s.phone.offer(bruno)
		s.settle()
		s.wait(time.Second)
		s.press("t", "4")
		s.write("on a train")
	}},
	{"incoming for the shop", shopPhone, (*stage).shopCall},
	{"incoming that must be noticed", nil, func(s *stage) {
		id := s.phone.offer(mum)
		s.phone.change(id, phone.EventChanged, "loud", func(c *phone.Call) { c.Loud, c.Rule = true, "family" })
		s.settle()
		s.wait(3 * time.Second)
	}},
	{"the machine asks", nil, func(s *stage) { s.asksFirst(bruno); s.wait(4 * time.Second) }},
	{"screened", nil, func(s *stage) { s.saidIt(s.asksFirst(bruno)) }},
	{"screened beside a call", nil, func(s *stage) { s.talking(); s.saidIt(s.asksFirst(bruno)) }},
	{"asking for permission", shopOnly, func(s *stage) { s.phone.permission.State = phone.PermissionNone; s.press("enter") }},
	{"asking about a doubt", nil, func(s *stage) {
		s.phone.refuse["dial"] = phone.AskFirst{Reasons: []string{"You have never spoken to them.", "It is 03:12 there."}}
		s.press("enter")
	}},
	{"incoming from two", nil, func(s *stage) { s.phone.offer(bruno); s.phone.offer(sam); s.settle(); s.wait(time.Second) }},

	{"calling", nil, func(s *stage) { s.press("down", "down", "enter"); s.wait(2 * time.Second) }},
	{"ringing there", nil, func(s *stage) {
		s.press("down", "down", "enter")
		s.wait(time.Second)
		s.phone.ring("c1")
		s.wait(9 * time.Second)
	}},
	{"connecting", nil, func(s *stage) {
		s.press("down", "down", "enter")
		s.phone.accept("c1")
		s.settle()
		s.wait(time.Second)
	}},
	{"talking", nil, func(s *stage) { s.talking() }},
	{"talking muted", nil, func(s *stage) { s.talking(); s.press("m"); s.wait(time.Second) }},
	{"talking recorded", nil, func(s *stage) { s.talking(); s.press("r"); s.wait(42 * time.Second) }},
	{"talking on hold", nil, func(s *stage) { s.talking(); s.press("h"); s.wait(time.Second) }},
	{"talking with them muted", nil, func(s *stage) {
		id := s.talking()
		s.phone.change(id, phone.EventChanged, "peer_muted", func(c *phone.Call) { c.PeerMuted = true })
		s.wait(12 * time.Second)
	}},
	{"talking on a bad line", nil, func(s *stage) {
		s.phone.quality = phone.Quality{MOS: 2.4, Loss: 0.18, RemoteLoss: 0.09, Jitter: 95 * time.Millisecond, RTT: 640 * time.Millisecond, Buffer: 240 * time.Millisecond, Concealed: 0.2, Sent: 100, Received: 82, Codec: "opus 16 kHz 60 ms", Path: "relay fra3, UDP"}
		id := s.talking()
		s.phone.change(id, phone.EventChanged, "reconnecting", func(c *phone.Call) { c.Reconnecting = true })
		s.wait(3 * time.Second)
	}},
	{"talking with the keypad", nil, func(s *stage) { s.talking(); s.write("21#") }},
	{"talking writing a note", nil, func(s *stage) { s.talking(); s.press("n"); s.write("ask about Saturday") }},
	{"talking with a note", nil, func(s *stage) { s.talking(); s.press("n"); s.write("ask about Saturday"); s.press("enter") }},
	{"call waiting", nil, func(s *stage) { s.talking(); s.phone.offer(bruno); s.settle(); s.wait(5 * time.Second) }},
	{"two calls", nil, func(s *stage) {
		s.talking()
		id := s.phone.offer(bruno)
		s.settle()
		s.wait(time.Second)
		s.press("w")
		s.phone.media(id)
		s.wait(3 * time.Second)
	}},
	{"ended", nil, func(s *stage) { s.talking(); s.press("e") }},
	{"ended with a recording", nil, func(s *stage) { s.talking(); s.press("r", "e", "p"); s.wait(3 * time.Second) }},
	{"ended without an answer", nil, func(s *stage) {
		s.press("down", "down", "enter")
		s.phone.ring("c1")
		s.wait(60 * time.Second)
		s.phone.end("c1", phone.NoAnswer)
		s.settle()
	}},
	{"ended by a failure", nil, func(s *stage) {
		s.press("down", "down", "enter")
		s.phone.change("c1", phone.EventEnded, "", func(c *phone.Call) {
			c.State, c.Ended, c.Cause, c.Detail, c.Unconfirmed = phone.Terminated, s.now(), phone.Unreachable, "none of 3 devices took the offer", true
		})
		s.settle()
	}},

	{"settings lines", nil, func(s *stage) { s.press("s", "right") }},
	{"settings lines with a shop", shopPhone, func(s *stage) { s.press("s", "right") }},
	{"settings", nil, func(s *stage) { s.press("s", "down") }},
	{"settings sound", hearing, func(s *stage) { s.press("o"); s.wait(time.Second) }},
	{"settings sound on a speaker", hearing, func(s *stage) { s.press("o", "down", "down", "down", "down", "p"); s.wait(time.Second) }},
	{"settings sound tested before", tested, func(s *stage) { s.press("o") }},
	{"settings sound without devices", func(f *fakePhone, _ *Config) { f.refuse["devices"] = errors.New("PortAudio found no host API") }, func(s *stage) { s.press("o") }},
	{"settings testing echo", echoPhone(1), func(s *stage) { s.press("o", "e") }},
	{"settings echo tested", echoPhone(2), func(s *stage) { s.press("o", "e") }},
	{"settings calls", nil, func(s *stage) { s.press("s", "down", "down", "right", "down") }},
	{"settings look", nil, func(s *stage) { s.press("s", "down", "down", "down", "right") }},
	{"settings rules", fixedRules, func(s *stage) { s.press("s", "down", "down", "down", "down", "down", "right", "down") }},
	{"settings keys", nil, func(s *stage) { s.press("s", "down", "down", "down", "down", "right", "down") }},
	{"diagnostics", nil, func(s *stage) { s.press("g") }},
	{"diagnostics in a call", withReport, func(s *stage) { s.talking(); s.press("g"); s.wait(3 * time.Second) }},
	{"log of a new account", func(f *fakePhone, _ *Config) { f.contacts, f.entries, f.missed = nil, nil, 0 }, func(s *stage) { s.press("l") }},
	{"log", nil, func(s *stage) { s.press("l", "down", "down", "down", "down") }},
	{"log with a voicemail", withVoicemail, func(s *stage) { s.press("l") }},
	{"log playing a voicemail", withVoicemail, func(s *stage) { s.press("l", "p"); s.wait(12 * time.Second) }},
	{"log searching", nil, func(s *stage) { s.press("l", "/"); s.write("mum") }},
	{"help", nil, func(s *stage) { s.press("?") }},
	{"help in a call", nil, func(s *stage) { s.talking(); s.press("?") }},
	{"commands", nil, func(s *stage) { s.press(":") }},
	{"commands found", nil, func(s *stage) { s.talking(); s.press("ctrl+p"); s.write("rec") }},
	{"asking before quitting", nil, func(s *stage) { s.talking(); s.press("q") }},
}

// withVoicemail has a voicemail that nobody has heard, one that somebody has,
// and a call that was recorded.
func withVoicemail(f *fakePhone, _ *Config) {
	spoken := func(n int, p phone.Party, at time.Duration) phone.LogEntry {
		e := logged(n, p, phone.Inbound, at, 20*time.Second, phone.NormalClearing)
		e.Outcome, e.Action, e.Rule, e.Recording = phone.OutcomeVoicemail, phone.ActionVoicemail, "evenings", "~/recordings/"+e.ID+".ogg"
		e.Trace = []string{"it is after 18:00", "rule evenings: the machine answers"}
		return e
	}
	heard := spoken(7, sam, -40*time.Hour)
	heard.Seen = true
	f.entries = append([]phone.LogEntry{spoken(8, bruno, -20*time.Minute)}, append(f.entries[1:], heard)...)
	f.entries[1].Recording = "~/recordings/c8.ogg"
	f.entries[1].ID, f.entries[2].ID = "c5", "c4"
}

func scanning(s *stage) {
	s.paired(phone.PairingStep{
		Kind: phone.PairingScan, Text: linkText, Index: 2, Count: 6,
		Expires: s.now().Add(20 * time.Second), SessionEnd: s.now().Add(100 * time.Second),
	})
	s.wait(6 * time.Second)
}

// hearing has one microphone that hears something and one that is taken.
func hearing(f *fakePhone, _ *Config) {
	f.ears = map[string]phone.Levels{"Jabra Evolve 65": {Mic: -31, MicPeak: -22, Peer: phone.Silence, PeerPeak: phone.Silence}}
}

func tested(f *fakePhone, c *Config) {
	hearing(f, c)
	c.LastTest = func() (EchoResult, bool) {
		return EchoResult{storyTime.Add(-200 * time.Minute), "Microphone and speaker work; the echo is 41 dB below what is played.", 62 * time.Millisecond, "Jabra Evolve 65", "Built-in speakers"}, true
	}
}

// echoPhone plays the first n steps of a test; after the second it is done.
func echoPhone(n int) func(*fakePhone, *Config) {
	steps := []phone.EchoTest{
		{Step: "speak now", Left: 4 * time.Second, Levels: phone.Levels{Mic: -16, MicPeak: -9, Peer: phone.Silence, PeerPeak: phone.Silence}},
		{Done: true, Delay: 62 * time.Millisecond, Verdict: "Microphone and speaker work; the echo is 41 dB below what is played."},
	}
	return func(f *fakePhone, _ *Config) { f.test, f.testStops = steps[:n], n == 1 }
}

func withReport(_ *fakePhone, c *Config) {
	c.Report = func() []ReportSection {
		return []ReportSection{{"program", []ReportLine{{"version", "tring 0.1"}, {"log", "~/.local/state/tring/log"}}}}
	}
}

func TestScreensLookAsDrawn(t *testing.T) {
	for _, size := range sizes {
		for _, sc := range scenes {
			t.Run(fmt.Sprintf("%dx%d/%s", size.w, size.h, sc.name), func(t *testing.T) {
				play(t, size.w, size.h, sc.change, func(s *stage) {
					sc.play(s)
					s.root.canvas.lost = func(words string) { s.t.Errorf("no room for %q", words) }
					got := s.screen()
					s.fitsIn(got, size.w, size.h)
					golden.RequireEqual(s.t, []byte(got))
				})
			})
		}
	}
}

// fitsIn checks that no row is wider and no screen higher than the terminal.
func (s *stage) fitsIn(screen string, w, h int) {
	s.t.Helper()
	rows := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
	if len(rows) != h {
		s.t.Errorf("%d rows on a terminal of %d", len(rows), h)
	}
	for y, row := range rows {
		if cells(row) > w {
			s.t.Errorf("row %d is %d cells wide on a terminal of %d", y, cells(row), w)
		}
	}
}

func TestThemesGiveRolesTheirLooks(t *testing.T) {
	for _, name := range []string{"dark", "light", "mono"} {
		t.Run(name, func(t *testing.T) {
			play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Theme = name }, func(s *stage) {
				s.talking()
				golden.RequireEqual(s.t, []byte(s.root.View().Content))
			})
		})
	}
}

func TestASCIITerminalsGetNothingElse(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			change := func(f *fakePhone, c *Config) {
				if sc.change != nil {
					sc.change(f, c)
				}
				c.ASCII = true
				for i := range f.contacts {
					f.contacts[i].PushName = ""
				}
			}
			play(t, 100, 30, change, func(s *stage) {
				sc.play(s)
				for y, row := range strings.Split(s.screen(), "\n") {
					for _, r := range row {
						if r > '~' && !strings.ContainsRune("佐藤", r) {
							t.Fatalf("row %d has %q: %s", y, r, row)
						}
					}
				}
			})
		})
	}
}
