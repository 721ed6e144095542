package whatsapp_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
)

// linking starts a linking attempt of a fresh line.
func linking(t *testing.T, x *exchange.Exchange, m phone.PairingMethod) (*station, phone.Pairer) {
	t.Helper()
	s := unlinked(t, x, config(t, x, "Ann"))
	var err error
	if s.account, err = x.AddAccount("+15550100001", "Ann"); err != nil {
		t.Fatal(err)
	}
	p, err := s.Link(t.Context(), phone.PairingRequest{Method: m, Number: "+1 555 010 0001"})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// step waits for the next step and checks its kind.
func step(t *testing.T, p phone.Pairer, want phone.PairingKind) phone.PairingStep {
	t.Helper()
	select {
	case s, ok := <-p.Steps():
		if !ok || s.Kind != want {
			t.Fatalf("step %v (%v, open %v), want %v", s.Kind, s.Err, ok, want)
		}
		return s
	case <-time.After(patience):
		t.Fatalf("no step %v", want)
		return phone.PairingStep{}
	}
}

// closed checks that no step follows.
func closed(t *testing.T, p phone.Pairer) {
	t.Helper()
	select {
	case s, ok := <-p.Steps():
		if ok {
			t.Fatalf("a step after the last: %+v", s)
		}
	case <-time.After(patience):
		t.Fatal("the steps were not closed")
	}
}

func TestLinkingByQR(t *testing.T) {
	x := network(t)
	s, p := linking(t, x, phone.ByQR)
	qr := step(t, p, phone.PairingScan)
	if !strings.HasPrefix(qr.Text, "https://wa.me/settings/linked_devices#") || qr.Index != 1 || qr.Count < 2 || time.Until(qr.Expires) < 15*time.Second || !qr.SessionEnd.After(qr.Expires) {
		t.Errorf("step %+v", qr)
	}
	if err := s.account.Handset().Scan(t.Context(), qr.Text); err != nil {
		t.Fatal(err)
	}
	step(t, p, phone.PairingWait)
	step(t, p, phone.PairingDone)
	closed(t, p)
	s.awaitStatus(phone.LineReady)
	if own := s.Info().Own; own.Number != "+15550100001" || own.LID == "" || !strings.HasSuffix(own.Device, ":1@lid") {
		t.Errorf("own %+v", own)
	}
	s.await("our name", func(phone.LineEvent) bool { return s.Info().Own.PushName == "Ann" })
	if _, err := s.Link(t.Context(), phone.PairingRequest{}); err == nil {
		t.Error("a linked line was linked again")
	}
}

func TestLinkingByCode(t *testing.T) {
	x := network(t)
	s, p := linking(t, x, phone.ByCode)
	code := step(t, p, phone.PairingCode)
	if len(code.Text) != 9 || code.Text[4] != '-' || time.Until(code.Expires) < time.Minute {
		t.Errorf("step %+v", code)
	}
	if err := s.account.Handset().EnterCode(t.Context(), code.Text); err != nil {
		t.Fatal(err)
	}
	step(t, p, phone.PairingWait)
	step(t, p, phone.PairingDone)
	s.awaitStatus(phone.LineReady)
}

func TestLinkingWithAPasskey(t *testing.T) {
	x := network(t)
	s, p := linking(t, x, phone.ByCode)
	if err := s.account.SetPasskeyRequired(true); err != nil {
		t.Fatal(err)
	}
	if err := p.Passkey("{}"); err == nil {
		t.Error("a passkey was taken before anybody asked for one")
	}
	code := step(t, p, phone.PairingCode)
	done := make(chan error, 1)
	go func() { done <- s.account.Handset().EnterCode(t.Context(), code.Text) }()
	request := step(t, p, phone.PairingPasskey)
	answer, err := s.account.Handset().SignPasskey(request.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Passkey("no JSON"); err == nil {
		t.Error("an answer that is no JSON was taken")
	}
	if err := p.Passkey(answer); err != nil {
		t.Fatal(err)
	}
	confirm(t, s, p)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s.awaitStatus(phone.LineReady)
}

// confirm compares the codes, if the network wants it, until linked.
func confirm(t *testing.T, s *station, p phone.Pairer) {
	t.Helper()
	for {
		select {
		case st, ok := <-p.Steps():
			switch {
			case !ok:
				t.Fatal("closed before done")
			case st.Kind == phone.PairingConfirm:
				shown, err := s.account.Handset().PasskeyCode(t.Context())
				if err != nil || shown != st.Text {
					t.Fatalf("the handset shows %q, the line %q: %v", shown, st.Text, err)
				}
				if err := p.Confirm(true); err != nil {
					t.Fatal(err)
				}
				if err := s.account.Handset().ConfirmPasskey(true); err != nil {
					t.Fatal(err)
				}
			case st.Kind == phone.PairingDone:
				return
			case st.Kind == phone.PairingFailed:
				t.Fatal(st.Err)
			}
		case <-time.After(patience):
			t.Fatal("linking stands still")
		}
	}
}

func TestLinkingIsCancelled(t *testing.T) {
	x := network(t)
	s, p := linking(t, x, phone.ByQR)
	step(t, p, phone.PairingScan)
	if _, err := s.Link(t.Context(), phone.PairingRequest{}); err == nil {
		t.Error("two attempts at once")
	}
	p.Cancel()
	if st := step(t, p, phone.PairingFailed); !strings.Contains(st.Err.Error(), "cancelled") {
		t.Errorf("%v", st.Err)
	}
	closed(t, p)
	s.link()
}

// mute is a host that accepts connections and says nothing; knocked is told of
// each.
func mute(t *testing.T) (url string, knocked <-chan struct{}) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	knocks := make(chan struct{}, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			knocks <- struct{}{}
		}
	}()
	return "ws://" + l.Addr().String() + "/ws/chat", knocks
}

func TestLinkingIsCancelledAndBegunAgainWhileAHostSaysNothing(t *testing.T) {
	x := network(t)
	c := config(t, x, "Ann")
	var knocked <-chan struct{}
	c.Exchange.ChatURL, knocked = mute(t)
	s := unlinked(t, x, c)
	for range 3 {
		p, err := s.Link(t.Context(), phone.PairingRequest{Method: phone.ByQR})
		if err != nil {
			t.Fatal(err)
		}
		<-knocked
		p.Cancel() // and at once the next
	}
}

func TestALineEndsAlthoughAHostSaysNothing(t *testing.T) {
	x := network(t)
	c := config(t, x, "Ann")
	s := linkedAs(t, x, c, "+15550100001", "Ann")
	s.halt()
	s.Close()
	var knocked <-chan struct{}
	c.Exchange = &whatsapp.Network{RootKey: c.Exchange.RootKey}
	c.Exchange.ChatURL, knocked = mute(t)
	s = unlinked(t, x, c)
	<-knocked
	if err := s.halt(); err != nil {
		t.Error(err)
	}
}

func TestTheNetworkGoesWhileLinking(t *testing.T) {
	x := network(t)
	_, p := linking(t, x, phone.ByQR)
	step(t, p, phone.PairingScan)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if st := step(t, p, phone.PairingFailed); !strings.Contains(st.Err.Error(), "network was lost") {
		t.Errorf("%v", st.Err)
	}
}

func TestAQRCodeWorksOnce(t *testing.T) {
	x := network(t)
	s, p := linking(t, x, phone.ByQR)
	qr := step(t, p, phone.PairingScan)
	if err := s.account.Handset().Scan(t.Context(), qr.Text); err != nil {
		t.Fatal(err)
	}
	if err := s.account.Handset().Scan(t.Context(), qr.Text); err == nil {
		t.Error("the code was used twice")
	}
}

func TestLinkingByCodeNeedsANumber(t *testing.T) {
	x := network(t)
	s := unlinked(t, x, config(t, x, "Ann"))
	for _, n := range []string{"", "Ann", "12"} {
		if _, err := s.Link(t.Context(), phone.PairingRequest{Method: phone.ByCode, Number: n}); err == nil || !strings.Contains(err.Error(), "country code") {
			t.Errorf("%q: %v", n, err)
		}
	}
}

// notRaced leaves a test out of race runs, and says why.
func notRaced(t *testing.T) {
	if raceDetector {
		t.Skip("whatsmeow removes a link's store without a lock, see race_test.go")
	}
}

func TestRelinkingAfterEveryWayToLoseTheLink(t *testing.T) {
	t.Run("unlinked on the phone", func(t *testing.T) {
		notRaced(t)
		x := network(t)
		s := linked(t, x, "+15550100001", "Ann")
		if err := s.account.Handset().Unlink(1); err != nil {
			t.Fatal(err)
		}
		s.awaitStatus(phone.LineLoggedOut)
		if _, err := s.Dial(t.Context(), "", phone.Party{Number: "+15550100002"}, phone.DialOptions{}); err == nil || !strings.Contains(err.Error(), "link") {
			t.Errorf("dial on a line without a link: %v", err)
		}
		s.link()
	})
	t.Run("unlinked here", func(t *testing.T) {
		notRaced(t)
		x := network(t)
		s := linked(t, x, "+15550100001", "Ann")
		if err := s.Unlink(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.awaitStatus(phone.LineUnlinked)
		if n := len(s.account.Handset().Companions()); n != 0 {
			t.Errorf("%d companions are left on the phone", n)
		}
		s.link()
	})
	t.Run("unlinked while it did not run", func(t *testing.T) {
		x := network(t)
		s := linked(t, x, "+15550100001", "Ann")
		s.halt()
		if err := s.account.Handset().Unlink(1); err != nil {
			t.Fatal(err)
		}
		s.start()
		s.awaitStatus(phone.LineLoggedOut)
		s.link()
	})
	t.Run("opened elsewhere", func(t *testing.T) {
		x := network(t)
		c := config(t, x, "Ann")
		first := linkedAs(t, x, c, "+15550100001", "Ann")
		second := unlinked(t, x, c)
		second.awaitStatus(phone.LineReady)
		first.awaitStatus(phone.LineReplaced)
		if err := <-first.done; err == nil {
			t.Error("Run went on after the link was opened elsewhere")
		} else {
			first.done <- nil
		}
		if !strings.Contains(first.Info().Detail, "elsewhere") {
			t.Errorf("detail %q", first.Info().Detail)
		}
	})
}

func TestWhatTheServerSaysAtLoginBecomesAStatus(t *testing.T) {
	for name, c := range map[string]struct {
		failure chat.LoginFailure
		status  phone.LineStatus
		says    string
	}{
		"banned":   {chat.LoginFailure{Reason: chat.FailureBanned, Code: 101, Expire: time.Hour}, phone.LineBanned, "do not retry before"},
		"outdated": {chat.LoginFailure{Reason: chat.FailureOutdated}, phone.LineOutdated, "update"},
	} {
		t.Run(name, func(t *testing.T) {
			x := network(t)
			s := linked(t, x, "+15550100001", "Ann")
			s.halt()
			s.account.SetLoginFailure(&c.failure)
			s.start()
			s.awaitStatus(c.status)
			if d := s.Info().Detail; !strings.Contains(d, c.says) {
				t.Errorf("detail %q, want %q in it", d, c.says)
			}
			if left := time.Until(s.Info().BanEnds); c.failure.Expire > 0 && (left <= 0 || left > c.failure.Expire) {
				t.Errorf("the ban ends in %v, want within %v", left, c.failure.Expire)
			}
			if err := <-s.done; err == nil {
				t.Error("Run returned nil although the line cannot work")
			} else {
				s.done <- nil
			}
		})
	}
	t.Run("a busy server is tried again", func(t *testing.T) {
		x := network(t)
		s := linked(t, x, "+15550100001", "Ann")
		s.halt()
		s.account.SetLoginFailure(&chat.LoginFailure{Reason: chat.FailureUnavailable, Times: 1})
		s.start()
		s.awaitStatus(phone.LineReady)
	})
}

func TestTheStoreIsForItsOwnerAlone(t *testing.T) {
	x := network(t)
	c := config(t, x, "Ann's line/1")
	s := linkedAs(t, x, c, "+15550100001", "Ann")
	files, err := filepath.Glob(filepath.Join(c.Dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v %v", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v: %v", f, info.Mode(), err)
		}
	}
	s.halt()
	if err := os.Chmod(files[0], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := whatsapp.New(c); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a store that others can read was opened: %v", err)
	}
}

func TestALocalExchangeMustBeLocal(t *testing.T) {
	for _, url := range []string{"ws://example.com:80/ws/chat", "wss://127.0.0.1:1/ws/chat", "http://127.0.0.1:1", "ws://127.0.0.1", "::"} {
		x := network(t)
		c := config(t, x, "Ann")
		c.Exchange.ChatURL = url
		if _, err := whatsapp.New(c); err == nil {
			t.Errorf("%s was taken for a local exchange", url)
		}
	}
}
