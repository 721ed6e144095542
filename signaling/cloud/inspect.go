package cloud

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
)

func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the line's folder cannot be made: %w", err)
	}
	return nil
}

// CallingEnabled says why calls cannot be placed or taken, or nil.
func (l *Line) CallingEnabled(ctx context.Context) error {
	s, err := l.graph.Settings(ctx)
	if err != nil {
		return err
	}
	now := l.graph.Now()
	_, lost := l.subscribed(ctx)
	return errors.Join(s.MayCall(true, now), s.MayCall(false, now), lost)
}

var errUnsubscribed = errors.New("the business account sends its events to no app; the subscription was lost and could not be made again")

// subscribed makes sure that the account's events reach the app: subscriptions
// have been seen to vanish.
func (l *Line) subscribed(ctx context.Context) (lost bool, err error) {
	if l.config.AccountID == "" {
		return false, nil
	}
	switch ok, err := l.graph.Subscribed(ctx, l.appID()); {
	case err != nil:
		return false, err
	case ok:
		return false, nil
	}
	l.config.Log.Warn("the account's subscription was lost; subscribing again")
	if err := l.graph.Subscribe(ctx); err != nil {
		return true, fmt.Errorf("%w: %w", errUnsubscribed, err)
	}
	l.noteLost()
	return true, nil
}

// noteLost remembers that the subscription was lost, and tells it: calls may
// have been missed.
func (l *Line) noteLost() {
	l.mu.Lock()
	l.lost = time.Now()
	l.mu.Unlock()
	l.emit(phone.LineNotice{Sentence: "The business account had stopped sending its events here, so calls may have been missed. It sends them again."})
}

func (l *Line) lastLost() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// appID is the app that our token belongs to, "" while that is not known.
func (l *Line) appID() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.app
}

func (l *Line) noteApp(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.app = id
}

// meetApp asks once which app we are: the account may be subscribed by others.
func (l *Line) meetApp(ctx context.Context) {
	if l.appID() != "" {
		return
	}
	if t, err := l.graph.Token(ctx); err == nil {
		l.noteApp(t.App)
	}
}

// check says why the line cannot be used, or nil.
func (l *Line) check(ctx context.Context) error {
	n, err := l.graph.Number(ctx)
	if err != nil {
		return err
	}
	l.own(n)
	s, err := l.graph.Settings(ctx)
	if err != nil {
		return err
	}
	l.settingsSeen(s)
	// A restriction of one direction leaves the other.
	now := l.graph.Now()
	in, out := s.MayCall(false, now), s.MayCall(true, now)
	if in != nil && out != nil {
		return in
	}
	l.mu.Lock()
	l.noDial = out
	l.mu.Unlock()
	l.meetApp(ctx)
	if _, err := l.subscribed(ctx); err != nil {
		return err
	}
	return l.claim(ctx)
}

// own fills in who we are.
func (l *Line) own(n graph.Number) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if to := graph.To(n.Display, ""); to.Number != "" {
		l.info.Own.Number = "+" + to.Number
	}
	l.info.Own.Business = n.Name
}

// checkAgain has the line looked after at once: somebody changed its settings.
func (l *Line) checkAgain() {
	select {
	case l.again <- struct{}{}:
	default:
	}
}

// askedFor is how long an answer about a permission is believed; Meta allows
// five questions a second.
const askedFor = time.Second

type asked struct {
	at         time.Time
	permission graph.Permission
}

// permissionOf asks Meta for a customer's permission, not twice in a second.
func (l *Line) permissionOf(ctx context.Context, who phone.Party) (graph.Permission, error) {
	key := who.Key()
	l.mu.Lock()
	old, known := l.asked[key]
	l.mu.Unlock()
	if known && time.Since(old.at) < askedFor {
		return old.permission, nil
	}
	select {
	case <-time.After(l.pace.turn(time.Now())):
	case <-ctx.Done():
		return graph.Permission{}, ctx.Err()
	}
	p, err := l.graph.Permission(ctx, graph.To(who.Number, who.UserID))
	if err != nil {
		return p, err
	}
	l.book.permits(who, p.Status, p.Expires)
	l.believe(key, p)
	l.learned(who)
	return p, nil
}

// believe keeps an answer about a permission.
func (l *Line) believe(key string, p graph.Permission) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.asked) > maxCustomers {
		clear(l.asked)
	}
	l.asked[key] = asked{time.Now(), p}
}

// permissionChanged is told that a customer said something about calls.
func (l *Line) permissionChanged(who phone.Party) {
	l.forgetPermission(who)
	l.learned(who)
}

// forgetPermission makes the next question reach Meta.
func (l *Line) forgetPermission(who phone.Party) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.asked, who.Key())
}
