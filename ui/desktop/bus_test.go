package desktop

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"tring/ui"
)

// service is a notification service on a bus of its own.
type serviceDouble struct {
	conn   *dbus.Conn
	shown  chan shownNotice
	closed chan uint32
}

type shownNotice struct {
	title, body string
	actions     []string
	hints       map[string]dbus.Variant
}

func (s *serviceDouble) Notify(_ string, _ uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	s.shown <- shownNotice{title, body, actions, hints}
	return 7, nil
}

func (s *serviceDouble) CloseNotification(id uint32) *dbus.Error {
	s.closed <- id
	return nil
}

// session starts a bus, the service on it, and our end.
func session(t *testing.T) (*serviceDouble, *Bus) {
	t.Helper()
	// Its socket goes with the test, for a daemon that is killed leaves it behind.
	daemon := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:dir="+t.TempDir())
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Skipf("the test needs dbus-daemon: %v", err)
	}
	t.Cleanup(func() { daemon.Process.Kill(); daemon.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	s := &serviceDouble{shown: make(chan shownNotice, 1), closed: make(chan uint32, 1)}
	if s.conn, err = dbus.Connect(address); err != nil {
		t.Fatal(err)
	}
	if err := s.conn.Export(s, object, service); err != nil {
		t.Fatal(err)
	}
	if reply, err := s.conn.RequestName(service, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("name: %v %v", reply, err)
	}
	bus, err := open(dbus.Connect(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close(); s.conn.Close() })
	return s, bus
}

func TestWhatIsPressedComesBack(t *testing.T) {
	for action, want := range map[string]ui.Choice{"answer": ui.ChoseAnswer, "decline": ui.ChoseDecline, "default": ui.ChoseShow, "other": ui.NoChoice} {
		t.Run(action, func(t *testing.T) {
			s, bus := session(t)
			go func() {
				<-s.shown
				s.conn.Emit(object, pressed, uint32(8), "decline") // somebody else's
				s.conn.Emit(object, pressed, uint32(7), action)
			}()
			got, err := bus.Ringing(t.Context(), ui.Notice{Title: "Call from Mum", Body: "+44"})
			if err != nil || got != want {
				t.Errorf("%v %v, want %v", got, err, want)
			}
		})
	}
}

func TestARingingCallIsSilentAndEscaped(t *testing.T) {
	s, bus := session(t)
	go bus.Ringing(t.Context(), ui.Notice{Title: "Call from <Mum>", Body: "<b>&"})
	n := <-s.shown
	if n.title != "Call from <Mum>" || n.body != "&lt;b&gt;&amp;" {
		t.Errorf("shown as %q %q", n.title, n.body)
	}
	if n.hints["urgency"].Value() != normal || n.hints["suppress-sound"].Value() != true {
		t.Errorf("hints %v", n.hints)
	}
	if strings.Join(n.actions, " ") != "answer Answer decline Decline default Show" {
		t.Errorf("actions %q", n.actions)
	}
}

func TestOnlyACallThatMustBeNoticedIsCritical(t *testing.T) {
	s, bus := session(t)
	go bus.Ringing(t.Context(), ui.Notice{Title: "Call from Mum", Urgent: true})
	if n := <-s.shown; n.hints["urgency"].Value() != critical {
		t.Errorf("hints %v", n.hints)
	}
}

func TestTheNotificationGoesWhenTheRingingEnds(t *testing.T) {
	s, bus := session(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-s.shown; cancel() }()
	if _, err := bus.Ringing(ctx, ui.Notice{Title: "Call"}); err != context.Canceled {
		t.Errorf("ended with %v", err)
	}
	select {
	case id := <-s.closed:
		if id != 7 {
			t.Errorf("closed %d", id)
		}
	case <-time.After(5 * time.Second):
		t.Error("it was not closed")
	}
}

func TestClosingItIsNoChoice(t *testing.T) {
	s, bus := session(t)
	go func() { <-s.shown; s.conn.Emit(object, closed, uint32(7), uint32(2)) }()
	if got, err := bus.Ringing(t.Context(), ui.Notice{Title: "Call"}); got != ui.NoChoice || err != nil {
		t.Errorf("%v %v", got, err)
	}
}

func TestNoticesAreShown(t *testing.T) {
	s, bus := session(t)
	if err := bus.Show(t.Context(), ui.Notice{Title: "Missed call from Mum", Body: "12:02"}); err != nil {
		t.Fatal(err)
	}
	if n := <-s.shown; n.title != "Missed call from Mum" || len(n.actions) != 0 {
		t.Errorf("shown as %+v", n)
	}
}

func TestModesChooseWhoTells(t *testing.T) {
	for _, tt := range []struct {
		mode, environ, alerts string
		fails                 bool
	}{
		{"off", "", "off", false},
		{"bell", "", "bell", false},
		{"osc", "", "osc", false},
		{"auto", "SSH_TTY=/dev/pts/1", "auto", false},
		{"loud", "", "auto", true},
	} {
		t.Run(tt.mode, func(t *testing.T) {
			n, alerts, err := Choose(tt.mode, []string{tt.environ})
			if n != nil || alerts != tt.alerts || (err != nil) != tt.fails {
				t.Errorf("%v %q %v", n, alerts, err)
			}
		})
	}
}
