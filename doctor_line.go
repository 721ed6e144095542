package main

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"github.com/zalando/go-keyring"

	"tring/phone"
	"tring/phone/control"
	"tring/signaling/whatsapp"
)

// checkLink looks whether the lines are linked.
func (a *app) checkLink(ctx context.Context) finding {
	var s control.Status
	switch err := a.remote(ctx, "status", control.With{}, &s); {
	case err == nil:
		return a.linkOfRunning(s)
	case !errors.Is(err, control.ErrNotRunning):
		return fail("", "%v", err)
	}
	name := a.firstPersonal()
	if name == "" {
		return pass("there is no personal line to link")
	}
	l, err := whatsapp.New(whatsapp.Config{Name: name, Dir: a.places.Line(name), Exchange: a.network(), Log: a.log})
	if err != nil {
		return fail("", "the link cannot be read: %v", err)
	}
	defer l.Close()
	if l.Info().Own.Number == "" {
		return warn("tring link", "not linked to an account")
	}
	return pass("linked as %s", phone.MaskNumber(l.Info().Own.Number))
}

func (a *app) linkOfRunning(s control.Status) finding {
	for _, l := range s.Lines {
		if l.Status != phone.LineReady {
			return warn(l.Detail, "line %s is %s", l.Name, l.Status)
		}
	}
	return pass("lines ready: %d", len(s.Lines))
}

// checkCalling asks the running phone whether its line may place calls: the
// network answers that only over a connection, and a second one with the same
// keys would throw out the first.
func (a *app) checkCalling(ctx context.Context) finding {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	err := a.remote(ctx, "inspect", control.With{}, nil)
	switch {
	case err == nil:
		return pass("this account may call")
	case errors.Is(err, control.ErrNotRunning):
		return warn("start tring, then run doctor again", "not asked: it needs the connection of a running phone")
	case errors.Is(err, phone.ErrNotLinked):
		return warn("tring link", "not linked to an account")
	}
	return fail("see docs/calls.md, or unlink and link again", "%v", err)
}

// checkLock looks whether somebody else holds the profile.
func (a *app) checkLock(context.Context) finding {
	release, err := lock(a.places.Lock())
	switch {
	case err == nil:
		release()
		return pass("free")
	case errors.Is(err, errRunning):
		if c, err := control.Connect(a.places.Socket()); err == nil {
			c.Close()
			return pass("held by the running phone")
		}
		return fail("end the process in "+a.places.Lock(), "held by a process that does not answer")
	}
	return fail("check the directory "+a.places.Data, "%v", err)
}

// checkSecrets looks for the system's keyring without storing anything in it.
func (a *app) checkSecrets(ctx context.Context) finding {
	asked := make(chan error, 1)
	go func() {
		_, err := keyring.Get(keyringService, "doctor")
		asked <- err
	}()
	select {
	case err := <-asked:
		if err == nil || errors.Is(err, keyring.ErrNotFound) {
			return pass("the system's keyring answers")
		}
		a.log.Info("the keyring does not answer", "err", err)
		return warn("", "no keyring runs here; secrets stay in files of yours alone")
	case <-time.After(checkLimit):
		return warn("unlock it", "the keyring does not answer; secrets stay in files of yours alone")
	case <-ctx.Done():
		return warn("", "not asked")
	}
}

// checkUDP can only look at this side: relays are named by each call, and
// asking anybody else would tell them of this phone. It uses the last call's
// outcome as far as the log knows one.
func (a *app) checkUDP(ctx context.Context) finding {
	conn, err := net.ListenPacket("udp", ":0")
	if err != nil {
		return fail("allow UDP for this program", "no UDP socket can be opened: %v", err)
	}
	conn.Close()
	if _, err := os.Stat(a.places.CallLog()); err != nil {
		return warn("place a call, then run doctor again", "sockets open; whether relays answer is known after the first call, because calls bring their addresses")
	}
	entries, err := a.logEntries(ctx, phone.Query{Limit: 50})
	if err != nil {
		return warn("", "sockets open; the log cannot be read: %v", err)
	}
	for _, e := range entries {
		if f, knows := relayed(e); knows {
			return f
		}
	}
	return warn("place a call, then run doctor again", "sockets open; no call in the log tells whether relays answer")
}

// relayed is what one call tells of the way to the relays.
func relayed(e phone.LogEntry) (finding, bool) {
	when := e.Started.Local().Format("2006-01-02 15:04")
	switch {
	case e.Quality.Received > 0:
		return pass("sound came through on %s%s", when, by(e.Quality.Path)), true
	case e.Cause == phone.MediaTimeout:
		return fail("allow UDP to ports 3478 and 3480 in the firewall", "no sound came through in the last call, on %s", when), true
	}
	return finding{}, false
}

func by(path string) string {
	if path == "" {
		return ""
	}
	return " by " + path
}
