// Package desktop tells of calls through the desktop's notification service,
// with buttons to answer and decline (Desktop Notifications Specification 1.2,
// over D-Bus; on Linux and the BSDs).
package desktop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"tring/ui"
)

const (
	service = "org.freedesktop.Notifications"
	object  = dbus.ObjectPath("/org/freedesktop/Notifications")
	closed  = service + ".NotificationClosed"
	pressed = service + ".ActionInvoked"
)

// patience is how long the service may take to show something.
const patience = 5 * time.Second

// Bus raises notifications on the session bus.
type Bus struct{ conn *dbus.Conn }

var _ ui.Notifier = (*Bus)(nil)

// Open connects to the session bus; the error says that there is none.
func Open() (*Bus, error) { return open(dbus.ConnectSessionBus()) }

func open(conn *dbus.Conn, err error) (*Bus, error) {
	if err != nil {
		return nil, fmt.Errorf("no session bus for notifications: %w", err)
	}
	for _, member := range []string{"NotificationClosed", "ActionInvoked"} {
		if err := conn.AddMatchSignal(dbus.WithMatchInterface(service), dbus.WithMatchMember(member)); err != nil {
			conn.Close()
			return nil, fmt.Errorf("the session bus refuses notifications: %w", err)
		}
	}
	return &Bus{conn}, nil
}

// Close leaves the bus; notifications that are shown stay until they expire.
func (b *Bus) Close() error { return b.conn.Close() }

// The names of the actions; "default" is a press on the notification itself.
var choices = map[string]ui.Choice{"answer": ui.ChoseAnswer, "decline": ui.ChoseDecline, "default": ui.ChoseShow}

// Ringing shows a call with buttons until one is pressed, it is closed, or ctx
// ends, which takes it back.
func (b *Bus) Ringing(ctx context.Context, n ui.Notice) (ui.Choice, error) {
	signals := make(chan *dbus.Signal, 16)
	b.conn.Signal(signals)
	defer b.conn.RemoveSignal(signals)
	// The notification's id must be known, or it could not be taken back: the
	// call is not given up half-way when the ringing ends meanwhile.
	id, err := b.notify(context.WithoutCancel(ctx), n, []string{"answer", "Answer", "decline", "Decline", "default", "Show"}, ringingHints(n), 0)
	if err != nil {
		return ui.NoChoice, err
	}
	for {
		select {
		case <-ctx.Done():
			b.withdraw(id)
			return ui.NoChoice, ctx.Err()
		case s, open := <-signals:
			if !open {
				return ui.NoChoice, errors.New("the session bus has gone")
			}
			if choice, done := answer(s, id); done {
				return choice, nil
			}
		}
	}
}

// The urgencies of the specification.
const (
	normal   = byte(1)
	critical = byte(2)
)

// ringingHints mark a call: silent because we ring ourselves, and critical only
// when it must be noticed, for desktops show that also when they are not to
// disturb.
func ringingHints(n ui.Notice) map[string]dbus.Variant {
	urgency := normal
	if n.Urgent {
		urgency = critical
	}
	return map[string]dbus.Variant{
		"urgency":        dbus.MakeVariant(urgency),
		"category":       dbus.MakeVariant("call.incoming"),
		"suppress-sound": dbus.MakeVariant(true),
		"desktop-entry":  dbus.MakeVariant("tring"),
	}
}

// answer reads a signal about the notification with an id.
func answer(s *dbus.Signal, id uint32) (ui.Choice, bool) {
	if len(s.Body) < 2 || s.Body[0] != any(id) {
		return ui.NoChoice, false
	}
	if name, ok := s.Body[1].(string); ok && s.Name == pressed {
		return choices[name], true
	}
	return ui.NoChoice, s.Name == closed
}

// Show shows a notice that the desktop takes away by itself.
func (b *Bus) Show(ctx context.Context, n ui.Notice) error {
	_, err := b.notify(ctx, n, nil, map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("tring")}, -1)
	return err
}

// notify calls Notify and returns the notification's id. Servers read markup in
// the body, so what could be markup is escaped.
func (b *Bus) notify(ctx context.Context, n ui.Notice, actions []string, hints map[string]dbus.Variant, expire int32) (id uint32, err error) {
	if actions == nil {
		actions = []string{}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	call := b.conn.Object(service, object).CallWithContext(ctx, service+".Notify", 0,
		"tring", uint32(0), "call-incoming-symbolic", n.Title, escape.Replace(n.Body), actions, hints, expire)
	if err := call.Store(&id); err != nil {
		return 0, fmt.Errorf("the notification service did not take it: %w", err)
	}
	return id, nil
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// withdraw takes a notification back; one that is gone already is no matter.
func (b *Bus) withdraw(id uint32) {
	b.conn.Object(service, object).Call(service+".CloseNotification", dbus.FlagNoReplyExpected, id)
}
