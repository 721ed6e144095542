package whatsapp

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
)

var (
	dawn     = time.Unix(1_700_000_000, 0)
	sixCodes = &events.QR{Codes: []string{"q1", "q2", "q3", "q4", "q5", "q6"}}
)

// started is an attempt that was given six codes.
func started(t *testing.T, m phone.PairingMethod) *attempt {
	t.Helper()
	a := &attempt{method: m}
	if r := a.on(sixCodes, dawn); r.err != nil || r.done {
		t.Fatalf("%+v", r)
	}
	return a
}

func TestSixQRCodesAreShownWithTheTimeThatIsLeft(t *testing.T) {
	a := &attempt{}
	r := a.on(sixCodes, dawn)
	now := dawn
	for i, code := range sixCodes.Codes {
		life := 20 * time.Second
		if i == 0 {
			life = time.Minute
		}
		if len(r.steps) != 1 {
			t.Fatalf("code %d: %+v", i, r)
		}
		want := phone.PairingStep{Kind: phone.PairingScan, Text: code, Index: i + 1, Count: 6, Expires: now.Add(life), SessionEnd: dawn.Add(160 * time.Second)}
		if r.steps[0] != want || r.wait != life {
			t.Errorf("code %d: %+v, want %+v", i, r.steps[0], want)
		}
		now = now.Add(r.wait)
		r = a.tick(now)
	}
	if !errors.Is(r.err, errExpired) {
		t.Errorf("after the last code: %+v", r)
	}
}

func TestLinkingEndsWithASentence(t *testing.T) {
	for name, c := range map[string]struct {
		attempt func(t *testing.T) *attempt
		event   any // nil: the time runs out
		after   time.Duration
		want    error
		says    string
	}{
		"the server sends no codes":               {attempt: func(*testing.T) *attempt { return &attempt{} }, want: errLost},
		"the server sends an empty list":          {attempt: func(*testing.T) *attempt { return &attempt{} }, event: &events.QR{}, want: errLost},
		"the network goes while codes are shown":  {event: &events.Disconnected{}, want: errLost},
		"the server hangs up after the last code": {event: &events.Disconnected{}, after: 160 * time.Second, want: errExpired},
		"the code is not typed":                   {attempt: typingCode, want: errCodeExpired},
		"the passkey is not approved":             {attempt: withPasskey, want: errPasskeyLate},
		"the login does not follow":               {attempt: accepted, want: errSettle},
		"the phone's answer is forged":            {event: &events.PairError{Error: errors.New("invalid HMAC")}, says: "used already"},
		"the passkey is refused":                  {attempt: withPasskey, event: &events.PairPasskeyError{Error: errors.New("no")}, says: "passkey"},
		"the network goes during the passkey":     {attempt: withPasskey, event: &events.Disconnected{}, want: errLost},
		"this program is too old":                 {event: &events.ClientOutdated{}, says: "update"},
		"the account is banned":                   {event: &events.TemporaryBan{Expire: time.Hour}, says: "banned"},
		"the server refuses":                      {event: &events.ConnectFailure{Reason: 403}, says: "403"},
		"the phone removes the link at once":      {attempt: accepted, event: &events.LoggedOut{}, says: "link it again"},
	} {
		t.Run(name, func(t *testing.T) {
			a := started(t, phone.ByQR)
			if c.attempt != nil {
				a = c.attempt(t)
			}
			r := a.finish(c.event, dawn.Add(c.after))
			if r.err == nil || (c.want != nil && !errors.Is(r.err, c.want)) || !strings.Contains(r.err.Error(), c.says) {
				t.Errorf("%v, want %v saying %q", r.err, c.want, c.says)
			}
		})
	}
}

// finish feeds an event, or lets the time run out.
func (a *attempt) finish(event any, now time.Time) reaction {
	if event != nil {
		return a.on(event, now)
	}
	for range 10 {
		if r := a.tick(now); r.err != nil {
			return r
		}
	}
	return reaction{}
}

func typingCode(t *testing.T) *attempt {
	a := &attempt{method: phone.ByCode}
	if r := a.on(sixCodes, dawn); r.ask != askCode {
		t.Fatalf("%+v", r)
	}
	r := a.showCode("ABCD-EFGH", dawn.Add(time.Second))
	if s := r.steps[0]; s.Kind != phone.PairingCode || s.Text != "ABCD-EFGH" || s.Expires != dawn.Add(160*time.Second) {
		t.Fatalf("%+v", s)
	}
	return a
}

func withPasskey(t *testing.T) *attempt {
	a := started(t, phone.ByQR)
	r := a.on(&events.PairPasskeyRequest{PublicKey: &types.WebAuthnPublicKey{RelyingPartID: "whatsapp.com"}}, dawn)
	if s := r.steps[0]; s.Kind != phone.PairingPasskey || !strings.Contains(s.Text, "whatsapp.com") || r.wait != passkeyLife {
		t.Fatalf("%+v", r)
	}
	return a
}

func accepted(t *testing.T) *attempt {
	a := started(t, phone.ByQR)
	if r := a.on(&events.PairSuccess{}, dawn); r.steps[0].Kind != phone.PairingWait || r.wait != settleTime {
		t.Fatalf("%+v", r)
	}
	return a
}

func TestNoQRCodeInterruptsWhatCameAfterIt(t *testing.T) {
	for name, a := range map[string]*attempt{"code": typingCode(t), "passkey": withPasskey(t), "accepted": accepted(t)} {
		if r := a.on(sixCodes, dawn); len(r.steps) != 0 || r.err != nil {
			t.Errorf("%s: new codes of a reconnect: %+v", name, r)
		}
		for _, s := range a.tick(dawn.Add(time.Hour)).steps {
			if s.Kind == phone.PairingScan {
				t.Errorf("%s: a QR code was shown", name)
			}
		}
	}
}

func TestTheHangUpAfterAcceptanceIsPartOfLinking(t *testing.T) {
	a := accepted(t)
	if r := a.on(&events.Disconnected{}, dawn); r.err != nil || r.done {
		t.Errorf("%+v", r)
	}
	if r := a.on(&events.Connected{}, dawn); !r.done {
		t.Errorf("%+v", r)
	}
}

func TestThePasskeyCodeIsComparedUnlessTheServerSaysOtherwise(t *testing.T) {
	a := withPasskey(t)
	if r := a.on(&events.PairPasskeyConfirmation{Code: "1234-5678"}, dawn); r.steps[0].Kind != phone.PairingConfirm || r.steps[0].Text != "1234-5678" {
		t.Errorf("%+v", r)
	}
	if r := a.on(&events.PairPasskeyConfirmation{SkipHandoffUX: true}, dawn); r.ask != askConfirm || len(r.steps) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAPhoneWithoutLinkedDevicesIsTold(t *testing.T) {
	a := started(t, phone.ByQR)
	if r := a.on(&events.QRScannedWithoutMultidevice{}, dawn); r.err != nil || r.steps[0].Kind != phone.PairingWait {
		t.Errorf("%+v", r)
	}
}
