package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/cloudtest"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// offered counts the calls that rang and the calls that did not.
func (s *shop) offered() (rang, missed []phone.Cause) {
	for _, e := range s.Events() {
		switch e := e.(type) {
		case phone.OfferReceived:
			rang = append(rang, phone.CauseUnknown)
		case phone.OfferMissed:
			missed = append(missed, e.Cause)
		}
	}
	return rang, missed
}

// settle waits until the desk has dealt with everything that was pushed: a
// text from a stranger comes out behind it.
func (s *shop) settle(mark string) {
	s.meta.Helper()
	s.push(event("messages", fmt.Sprintf(`"messages":[{"from":%q,"id":"wamid.%s","timestamp":"%d","type":"text","text":{"body":%q}}]`, ann, mark, time.Now().Unix(), mark)))
	s.Text(mark)
}

func TestCallsThatMustNotRing(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	sdp, err := m.relay.Offer(cloudtest.Live)
	m.must(err)
	s.push(terminate("wacid.early", "")) // overtook its beginning
	s.push(connect("wacid.early", sdp, time.Now()))
	s.push(connect("wacid.old", sdp, time.Now().Add(-2*time.Minute)))
	s.settle("one")
	if n := len(m.asked("callsreject")) + len(m.asked("callspre_accept")); n != 0 {
		t.Errorf("Graph was asked %d times about calls that are over", n)
	}
	s.push(connect("wacid.deaf", strings.ReplaceAll(sdp, "opus/48000", "PCMA/8000"), time.Now()))
	s.push(connect("wacid.empty", "", time.Now()))
	s.settle("two")
	rang, missed := s.offered()
	if len(rang) != 0 || fmt.Sprint(missed) != fmt.Sprint([]phone.Cause{phone.Cancelled, phone.Stale, phone.Incompatible, phone.Incompatible}) {
		t.Errorf("rang %v, missed %v", rang, missed)
	}
	m.await("callsreject", 2) // so that nobody waits
}

func TestEveryWebhookTwiceIsOneCall(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	sdp, err := m.relay.Offer(cloudtest.Live)
	m.must(err)
	for range 3 {
		s.push(connect("wacid.in", sdp, time.Now()))
	}
	leg := s.Offer(1).Leg
	for range 3 {
		s.push(terminate("wacid.in", ""))
	}
	if got := s.Released(leg); got != phone.Cancelled {
		t.Errorf("ended with %v", got)
	}
	s.push(connect("wacid.in", sdp, time.Now()))
	s.settle("done")
	if rang, missed := s.offered(); len(rang) != 1 || len(missed) != 0 || s.Releases(leg) != 1 {
		t.Errorf("rang %d times, missed %v, ended %d times", len(rang), missed, s.Releases(leg))
	}
}

func TestForeignAndForgedWebhooksDoNothing(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	if code := s.pushSigned([]byte(terminate("wacid.in", "")), webhook.Sign("guessed", []byte("x"))); code != http.StatusUnauthorized {
		t.Errorf("a forged ending was answered with %d", code)
	}
	s.push(strings.ReplaceAll(connect("wacid.other", "", time.Now()), pnid, "999"))
	s.settle("done")
	if rang, _ := s.offered(); len(rang) != 1 || s.Releases(leg) != 0 {
		t.Errorf("rang %d times, ended %d times", len(rang), s.Releases(leg))
	}
	if _, h := s.line.Health(); h.Forged != 1 {
		t.Errorf("%d forged", h.Forged)
	}
}

func TestACallerWithoutANumberIsKnownByTheirID(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	sdp, err := m.relay.Offer(cloudtest.Live)
	m.must(err)
	body := strings.ReplaceAll(connect("wacid.in", sdp, time.Now()), fmt.Sprintf(`"from":%q`, ann), `"from_user_id":"US.9"`)
	s.push(strings.ReplaceAll(body, fmt.Sprintf(`"wa_id":%q`, ann), `"user_id":"US.9"`))
	o := s.Offer(1)
	if o.From.Number != "" || o.From.UserID != "US.9" || o.From.PushName != "Ann" {
		t.Fatalf("%+v", o.From)
	}
	m.must(s.line.SendText(t.Context(), o.From, "We call you back."))
	if r := m.await("messages", 1); r.Recipient != "US.9" || r.To != "" {
		t.Errorf("the text went to %+v", r)
	}
}

func TestAClockThatIsWrongStillRings(t *testing.T) {
	m := newMeta(t)
	later := 10 * time.Minute
	for _, path := range []string{"", "settings", "v24.0/debug_token"} {
		m.fault(path, func(w http.ResponseWriter) bool {
			w.Header().Set("Date", time.Now().Add(later).UTC().Format(http.TimeFormat))
			return false
		})
	}
	s := m.open(nil)
	sdp, err := m.relay.Offer(cloudtest.Live)
	m.must(err)
	s.push(connect("wacid.in", sdp, time.Now().Add(later)))
	if o := s.Offer(1); time.Until(o.Deadline) > time.Minute || time.Until(o.Deadline) < 50*time.Second {
		t.Errorf("the deadline is in %v", time.Until(o.Deadline))
	}
}

func TestDialsThatAreRefusedSayWhy(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*meta)
		want    phone.Cause
		says    string
	}{
		"no permission": {func(m *meta) { m.answer("call_permissions", `{"permission":{"status":"no_permission"}}`) }, phone.NotAllowed, "ask them for permission"},
		"no permission, says connect": {func(m *meta) {
			m.fault("callsconnect", func(w http.ResponseWriter) bool { refusal(w, 401, 138006, ""); return true })
		}, phone.NotAllowed, "ask them for permission"},
		"no payment": {func(m *meta) {
			m.fault("callsconnect", func(w http.ResponseWriter) bool { refusal(w, 400, 131044, ""); return true })
		}, phone.NotAllowed, "billing"},
		"not on WhatsApp": {func(m *meta) {
			m.fault("callsconnect", func(w http.ResponseWriter) bool { refusal(w, 400, 138001, ""); return true })
		}, phone.Unreachable, "cannot be called"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			s := m.open(nil)
			c.prepare(m)
			_, err := s.line.Dial(t.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{})
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNoCallIsPlacedBeyondTheDaysLimit(t *testing.T) {
	m := newMeta(t)
	s := m.open(func(c *cloud.Config) { c.Limits.Dials = 3 })
	_, err := s.line.Dial(t.Context(), "c4", phone.Party{Number: "+" + ann}, phone.DialOptions{Today: 3})
	if !errors.Is(err, phone.RateLimited) || !strings.Contains(err.Error(), "all the calls that Meta allows in a day (3)") {
		t.Errorf("the fourth call: %v", err)
	}
	if n := len(m.asked("callsconnect")); n != 0 {
		t.Errorf("Meta was asked %d times", n)
	}
}

// TestRefusedDialsAreNotCountedAsCalls dials more often than there may be calls.
func TestRefusedDialsAreNotCountedAsCalls(t *testing.T) {
	m := newMeta(t)
	m.fault("callsconnect", func(w http.ResponseWriter) bool { refusal(w, 400, 138001, ""); return true })
	s := m.open(func(c *cloud.Config) { c.Limits.Calls = 2 })
	for range 4 {
		if _, err := s.line.Dial(t.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{}); !errors.Is(err, phone.Unreachable) {
			t.Errorf("%v", err)
		}
	}
}

func TestACallWhoseAnswerWasLostIsFoundByItsTag(t *testing.T) {
	m := newMeta(t)
	m.fault("callsconnect", func(w http.ResponseWriter) bool { // Meta rings, we never hear of it
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
		return true
	})
	s := m.open(nil)
	var dialled sync.WaitGroup
	var leg phone.Leg
	var err error
	dialled.Go(func() {
		leg, err = s.line.Dial(t.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{})
	})
	s.push(s.reply())
	dialled.Wait()
	m.must(err)
	if leg.ID() != "wacid.out" || len(m.asked("callsconnect")) != 1 {
		t.Errorf("the call is %q, placed %d times", leg.ID(), len(m.asked("callsconnect")))
	}
	m.must(leg.Release(t.Context(), phone.Cancelled))
}

func TestACallWhoseAnswerWasLostForGoodIsGivenUp(t *testing.T) {
	m := newMeta(t)
	m.fault("callsconnect", func(w http.ResponseWriter) bool { refusal(w, 502, 0, ""); return true })
	s := m.open(func(c *cloud.Config) { c.Timers.Adopt = 50 * time.Millisecond })
	_, err := s.line.Dial(t.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{})
	if !errors.Is(err, phone.NetworkLost) || len(m.asked("callsconnect")) != 1 {
		t.Errorf("%v, placed %d times", err, len(m.asked("callsconnect")))
	}
}

func TestWhoWasNotReachedTwiceIsNotCalledAThirdTime(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	who := phone.Party{Number: "+" + ann}
	for i := range 2 {
		id := fmt.Sprintf("wacid.%d", i)
		m.fault("callsconnect", func(w http.ResponseWriter) bool {
			fmt.Fprintf(w, `{"calls":[{"id":%q}]}`, id)
			return true
		})
		leg, err := s.line.Dial(t.Context(), fmt.Sprint(i), who, phone.DialOptions{})
		m.must(err)
		s.push(strings.ReplaceAll(status("REJECTED"), "wacid.out", id))
		if got := s.Released(leg); got != phone.Declined {
			t.Errorf("ended with %v", got)
		}
	}
	if _, err := s.line.Dial(t.Context(), "c", who, phone.DialOptions{}); !errors.Is(err, phone.RateLimited) {
		t.Errorf("the third call: %v", err)
	}
	s.line.AllowAgain(who)
	if _, err := s.line.Dial(t.Context(), "d", who, phone.DialOptions{}); err != nil {
		t.Errorf("a person decided to try again: %v", err)
	}
}

func TestAskingTwiceSendsOnce(t *testing.T) {
	m := newMeta(t)
	m.answer("call_permissions", `{"permission":{"status":"no_permission"},"actions":[{"action_name":"send_call_permission_request","can_perform_action":true}]}`)
	s := m.open(nil)
	who := phone.Party{Number: "+" + ann}
	var refused *graph.Error
	m.fault("messages", func(w http.ResponseWriter) bool { refusal(w, 400, 131047, ""); return true })
	if err := s.line.Ask(t.Context(), who, "May we call?", nil); !errors.As(err, &refused) || refused.Code != 131047 {
		t.Errorf("outside the window: %v", err)
	}
	m.fault("messages", nil)
	s.settle("hello") // they write: the window opens
	m.must(s.line.Ask(t.Context(), who, "May we call?", nil))
	if err := s.line.Ask(t.Context(), who, "And now?", nil); !errors.As(err, &refused) || refused.Code != 138009 {
		t.Errorf("the second: %v", err)
	}
	if n := len(m.asked("messages")); n != 2 {
		t.Errorf("%d requests were sent, want the one refused and one", n)
	}
	s.push(event("messages", fmt.Sprintf(`"messages":[{"from":%q,"id":"wamid.p","timestamp":"%d","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept","is_permanent":true}}}]`, ann, time.Now().Unix())))
	s.settle("bye")
	if c := s.line.Customer(who); c.Permission != "permanent" || c.FreeUntil.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestARejectThatFailsSaysSoAndCanBeRepeated(t *testing.T) {
	m := newMeta(t)
	m.fault("callsreject", func(w http.ResponseWriter) bool { refusal(w, 401, 190, ""); return true })
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	if err := leg.Release(t.Context(), phone.Declined); !errors.Is(err, phone.ErrUnconfirmed) {
		t.Errorf("%v", err)
	}
	m.must(leg.Release(t.Context(), phone.Declined)) // terminate ends it in any state
	if s.Released(leg) != phone.Declined || s.Releases(leg) != 1 {
		t.Error("the phone was not told once")
	}
}

func TestAnAcceptThatComesTooLateIsNoFailure(t *testing.T) {
	for name, c := range map[string]struct {
		details string
		want    phone.Cause
	}{
		"the caller was gone":           {"call already terminated", phone.Cancelled},
		"another program was faster":    {"call is already in progress", phone.AnsweredElsewhere},
		"anything else is a failure":    {"", phone.Failed},
		"Meta refused our description":  {"SDP differs", phone.Failed},
		"with a code, it has its cause": {"138007", phone.NoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			m.fault("callsaccept", func(w http.ResponseWriter) bool {
				code := 100
				if c.details == "138007" {
					code = 138007
				}
				refusal(w, 400, code, c.details)
				return true
			})
			s := m.open(nil)
			leg := s.rings(cloudtest.Live)
			if err := leg.Answer(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			s.Released(leg)
		})
	}
}

func TestWhenTheProgramStopsEveryCallIsEnded(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Answer(t.Context()))
	s.Stop()
	if n := len(m.asked("callsterminate")); n != 1 || s.Releases(leg) != 1 {
		t.Errorf("terminate was sent %d times, the phone told %d times", n, s.Releases(leg))
	}
}

func TestAfterACrashTheCallIsEndedAndWhatCameIsHandled(t *testing.T) {
	m := newMeta(t)
	dir := t.TempDir()
	// The former run took a text and died before it was dealt with.
	spool, _, _, err := webhook.OpenSpool(dir)
	m.must(err)
	_, err = spool.Append([]byte(event("messages", fmt.Sprintf(`"messages":[{"from":%q,"id":"wamid.1","timestamp":"%d","type":"text","text":{"body":"still there?"}}]`, ann, time.Now().Unix()))))
	m.must(err)
	m.must(spool.Close())
	s := m.open(func(c *cloud.Config) { c.Dir = dir })
	s.Text("still there?")
	m.must(s.line.Recover(t.Context(), "wacid.left", phone.Party{}, true))
	m.await("callsterminate", 1)
	m.await("callsreject", 1)
	s.Stop()
	again, history, open, err := webhook.OpenSpool(dir)
	m.must(err)
	m.must(again.Close())
	if len(history) != 1 || len(open) != 0 {
		t.Errorf("%d kept, %d still open", len(history), len(open))
	}
}

func TestALineThatCannotWorkSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*meta)
		says    string
	}{
		"calling is off": {func(m *meta) { m.answer("settings", `{"calling":{"status":"DISABLED"}}`) }, "calling is not enabled"},
		"SIP is on":      {func(m *meta) { m.answer("settings", `{"calling":{"status":"ENABLED","sip":{"status":"ENABLED"}}}`) }, "SIP is switched on"},
		"old token":      {func(m *meta) { m.fault("", func(w http.ResponseWriter) bool { refusal(w, 401, 190, ""); return true }) }, "token has expired"},
		"an HTML page":   {func(m *meta) { m.answer("settings", "<html>") }, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			c.prepare(m)
			line, err := cloud.New(m.config())
			m.must(err)
			d := make(chan phone.LineInfo, 10)
			ctx := t.Context()
			go line.Run(ctx, func(e phone.LineEvent) {
				if e, ok := e.(phone.LineChanged); ok {
					d <- e.Info
				}
			})
			late := time.After(patient)
			for {
				select {
				case info := <-d:
					if info.Status != phone.LineOffline {
						continue
					}
					if !strings.Contains(info.Detail, c.says) {
						t.Errorf("it says %q", info.Detail)
					}
					_, err := line.Dial(ctx, "c", phone.Party{Number: "+1555"}, phone.DialOptions{})
					if !errors.Is(err, phone.LineDown) || !strings.Contains(err.Error(), c.says) {
						t.Errorf("Dial says %v", err)
					}
				case <-late:
					t.Error("it said nothing")
				}
				return
			}
		})
	}
}

func TestThePublicAddressIsClaimedAndGivenBack(t *testing.T) {
	m := newMeta(t)
	m.answer("", `{"display_phone_number":"+1 555-010-0100","webhook_configuration":{"phone_number":"https://before.example"}}`)
	var dir string
	s := m.open(func(c *cloud.Config) {
		c.PublicURL, dir = "http://"+c.Listener.Addr().String()+cloud.DefaultPath, c.Dir
	})
	s.Stop()
	var hooks []string
	for _, r := range m.asked("") {
		if strings.Contains(r.Body, "webhook_configuration") {
			hooks = append(hooks, r.Body)
		}
	}
	if len(hooks) != 2 || !strings.Contains(hooks[0], "127.0.0.1") || !strings.Contains(hooks[1], "https://before.example") {
		t.Errorf("%q", hooks)
	}
	if _, err := os.Stat(filepath.Join(dir, "callback.before")); err == nil {
		t.Error("the note is left")
	}
}

// wrongs are what a checkup complains of, by what it looked at.
func wrongs(t *testing.T, s *shop) map[string]string {
	bad := map[string]string{}
	for _, f := range s.line.Checkup(t.Context()) {
		if f.Wrong != "" {
			bad[f.What] = f.Wrong
		}
	}
	return bad
}

func TestACheckupFindsWhatIsWrong(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	s.pushSigned([]byte("{}"), "sha256=00")
	m.answer("settings", `{"calling":{"status":"ENABLED","sip":{"status":"ENABLED"}}}`)
	if bad := wrongs(t, s); len(bad) != 3 || bad["calls from customers"] == "" || bad["calls to customers"] == "" || bad["webhook signatures"] == "" {
		t.Errorf("%v", bad)
	}
	if err := s.line.CallingEnabled(t.Context()); !errors.Is(err, phone.LineDown) {
		t.Errorf("%v", err)
	}
}

func TestACheckupWarnsBeforeTheTokenEnds(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	token := func(expires time.Time, scopes string) string {
		return fmt.Sprintf(`{"data":{"is_valid":true,"app_id":"63","expires_at":%d,"scopes":[%s]}}`, expires.Unix(), scopes)
	}
	both := `"whatsapp_business_messaging","whatsapp_business_management"`
	for name, c := range map[string]struct{ answer, says string }{
		"never expires":  {token(time.Unix(0, 0), both), ""},
		"in a month":     {token(time.Now().Add(30*24*time.Hour), both), ""},
		"tomorrow":       {token(time.Now().Add(24*time.Hour), both), "expires on"},
		"a scope":        {token(time.Unix(0, 0), `"whatsapp_business_messaging"`), "it lacks whatsapp_business_management"},
		"nothing listed": {`{"data":{"is_valid":true}}`, ""},
		"may not ask":    {`{}`, ""},
	} {
		m.answer("v24.0/debug_token", c.answer)
		if got := wrongs(t, s)["access token"]; !strings.Contains(got, c.says) || c.says == "" && got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestALostSubscriptionIsMadeAgainAndSaid(t *testing.T) {
	m := newMeta(t)
	m.answer("v24.0/debug_token", `{"data":{"is_valid":true,"app_id":"63"}}`)
	m.answer("v24.0/52/subscribed_apps", `{"data":[{"whatsapp_business_api_data":{"id":"63"}}]}`)
	s := m.open(func(c *cloud.Config) { c.AccountID = "52" })
	if bad := wrongs(t, s); len(bad) != 0 {
		t.Errorf("%v", bad)
	}
	m.answer("v24.0/52/subscribed_apps", `{"data":[{"whatsapp_business_api_data":{"id":"somebody else's"}}]}`)
	found := false
	for _, f := range s.line.Checkup(t.Context()) {
		found = found || f.What == "subscription of the account" && strings.Contains(f.Note, "it was lost; subscribed again")
	}
	if !found {
		t.Error("the checkup does not say that the subscription was lost")
	}
	s.Notice("calls may have been missed")
}

func TestTheCountryIsSaidBeforeAnyDial(t *testing.T) {
	m := newMeta(t)
	m.answer("", `{"display_phone_number":"+1 212-555-0100","verified_name":"Tea Shop"}`)
	s := m.open(nil)
	for _, f := range s.line.Checkup(t.Context()) {
		if f.What == "calls to customers" && !strings.Contains(f.Note, "number of US") {
			t.Errorf("%+v", f)
		}
	}
}

func TestPeopleAreKeptAndFound(t *testing.T) {
	m := newMeta(t)
	dir := t.TempDir()
	s := m.open(func(c *cloud.Config) { c.Dir = dir })
	s.settle("hello")
	s.Stop()
	c := m.config()
	c.Dir = dir
	line, err := cloud.New(c)
	m.must(err)
	m.must(c.Listener.Close())
	for _, who := range []string{"+" + ann, "ann", "+1 (555) 010-0200"} {
		if p, err := line.Resolve(t.Context(), who); err != nil || p.Number != "+"+ann || p.PushName != "Ann" {
			t.Errorf("%q is %+v, %v", who, p, err)
		}
	}
	if _, err := line.Resolve(t.Context(), "Bob"); !errors.Is(err, phone.NotOnNetwork) {
		t.Errorf("Bob: %v", err)
	}
}

func TestAConfigurationThatCannotWorkIsRefused(t *testing.T) {
	m := newMeta(t)
	for name, change := range map[string]func(*cloud.Config){
		"no token":    func(c *cloud.Config) { c.Token = "" },
		"no secret":   func(c *cloud.Config) { c.AppSecret = "" },
		"no verify":   func(c *cloud.Config) { c.VerifyToken = "" },
		"no folder":   func(c *cloud.Config) { c.Dir = "" },
		"number":      func(c *cloud.Config) { c.PhoneNumberID = "+1 555" },
		"plain http":  func(c *cloud.Config) { c.BaseURL = "http://graph.example" },
		"not an URL":  func(c *cloud.Config) { c.BaseURL = "graph" },
		"file scheme": func(c *cloud.Config) { c.BaseURL = "file:///etc" },
		"pre-accept":  func(c *cloud.Config) { c.Media.PreAccept = "soon" },
		"no purpose":  func(c *cloud.Config) { c.Recording = &graph.Recording{} },
	} {
		c := m.config()
		m.must(c.Listener.Close())
		change(&c)
		if _, err := cloud.New(c); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func TestPeopleAreToldWhatMetaSaysAboutTheAccount(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	s.push(event("account_update", `"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"USER_INITIATED_CALLS_LOW_PICKUP_RATE"}`))
	s.Notice("Meta will hide the call button")
	s.push(event("account_update", `"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BUSINESS_INITIATED_CALLING","expiration":1999999999}]`))
	s.Notice("Meta has switched off your calls to customers until 1")
	s.push(event("account_update", `"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SOMETHING_NEW"}`))
	s.Notice("SOMETHING_NEW")
	m.answer("settings", `{"calling":{"status":"ENABLED","call_icon_visibility":"DISABLE_ALL","sip":{"status":"DISABLED"}}}`)
	s.push(event("account_settings_update", `"type":"phone_number_settings"`))
	s.Notice("call_icon_visibility is DISABLE_ALL now, it was not set")
}
