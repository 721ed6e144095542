package exchange_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"tring/exchange"
	"tring/phone"
)

// ask sends one admin request and returns the answer's body; refusals fail the test.
func ask(t *testing.T, admin, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, admin+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s: %s (%v)", method, path, answer.Status, text, err)
	}
	return string(text)
}

func TestTheAdminAPIDrivesHandsetsFaultsAndRelays(t *testing.T) {
	x := start(t, exchange.Options{})
	u := newUser(t, x, "+15550100001")
	do := func(method, path, body string) string {
		t.Helper()
		return ask(t, x.Addresses().Admin, method, path, body)
	}
	do("POST", "/accounts", `{"number":"+15550100002","name":"Bob"}`)
	do("POST", "/accounts/+15550100001/contacts", `{"contacts":[{"number":"+15550100002","name":"Bobby"}]}`)
	do("POST", "/accounts/+15550100002/text", `{"to":"+15550100001","text":"hello"}`)
	text := u.until("the text arrives", func(e phone.LineEvent) bool { _, ok := e.(phone.TextReceived); return ok }).(phone.TextReceived)
	if text.Text != "hello" || text.From.Number != "+15550100002" {
		t.Errorf("the text was %q from %q", text.Text, text.From.Number)
	}

	do("POST", "/accounts/+15550100002/policy", `{"do":"decline","after_ms":10}`)
	leg, err := u.line.Dial(t.Context(), "declined", u.resolve("+15550100002"), phone.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if e := u.until("Bob declines", isReleased).(phone.LegReleased); e.Cause != phone.Declined || e.Leg != leg {
		t.Errorf("it ended with %s", e.Cause)
	}

	if got := do("POST", "/accounts/+15550100002/call", `{"to":"+15550100001"}`); !strings.Contains(got, `"call":"`) {
		t.Errorf("placing a call answered %s", got)
	}
	u.until("Bob rings us", isOffer)
	do("POST", "/accounts/+15550100002/hangup", `{}`)
	u.until("Bob gives up", isReleased)
	if got := do("GET", "/calls", ""); strings.Count(got, `"id"`) != 2 {
		t.Errorf("the calls are %s", got)
	}

	var made struct{ Group string }
	if err := json.Unmarshal([]byte(do("POST", "/groups", `{"name":"Family"}`)), &made); err != nil || made.Group == "" {
		t.Fatalf("no group was made: %v", err)
	}
	do("POST", "/accounts/+15550100002/call", `{"to":"+15550100001","group":"`+made.Group+`"}`)
	u.until("the group rings us", func(e phone.LineEvent) bool {
		o, ok := e.(phone.OfferReceived)
		return ok && o.Offer.Group && o.Offer.From.Group == "Family"
	})
	do("POST", "/accounts/+15550100002/hangup", `{}`)
	u.until("the group gives up", isReleased)
	do("POST", "/accounts/+15550100002/hosted", `{"on":true}`)

	var injected struct{ ID int }
	if err := json.Unmarshal([]byte(do("POST", "/faults", `{"kind":"no-relay","account":"+15550100001","times":1}`)), &injected); err != nil || injected.ID == 0 {
		t.Fatalf("no fault was set: %v", err)
	}
	if got := do("GET", "/faults", ""); !strings.Contains(got, "no-relay") {
		t.Errorf("the faults are %s", got)
	}
	do("DELETE", "/faults", "")
	if got := do("GET", "/faults", ""); got != "[]\n" {
		t.Errorf("after lifting all, the faults are %s", got)
	}
	do("PUT", "/faults/media", `{"account":"+15550100001","move":1,"up":{"loss":0.05}}`)
	do("DELETE", "/faults/media?account=%2B15550100001", "")
	do("POST", "/relays/0/kill", `{}`)
	if got := do("GET", "/relays", ""); !strings.Contains(got, `"alive":false`) {
		t.Errorf("after a kill, the relays are %s", got)
	}
	do("POST", "/relays/0/revive", `{}`)
	if got := do("POST", "/sockets/drop", `{"account":"+15550100001"}`); !strings.Contains(got, `"dropped":1`) {
		t.Errorf("dropping sockets answered %s", got)
	}
	u.ready()
}
