package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tring/phone"
)

// Webhook posts every event as JSON to a URL, in order, each until it was
// taken (2xx) or has become older than Expire. Requests are signed:
//
//	Tring-Timestamp: seconds since 1970
//	Tring-Signature: sha256=hex(HMAC-SHA256(secret, timestamp "." body))
type Webhook struct {
	URL    string
	Secret []byte
	Events Names
	After  uint64        // the newest event, by its Seq, when the program started
	Cursor string        // file that remembers what was delivered
	Expire time.Duration // older events are given up; 24 h if zero
	Client *http.Client  // http.DefaultClient if nil
	Log    *slog.Logger
}

// Waiting times between attempts double from first to longest.
const (
	firstRetry   = time.Second
	longestRetry = 5 * time.Minute
	postLimit    = 15 * time.Second
)

// backlog is how far before the cursor reading starts: a clock that was set
// back in between must not hide events.
const backlog = 24 * time.Hour

// Run delivers until ctx ends.
func (w Webhook) Run(ctx context.Context, from Source) {
	last, err := readCursor(w.Cursor, cursor{w.After, time.Now()})
	if err != nil {
		w.Log.Error("webhook starts with what happens now", "err", err)
	}
	w.keep(last) // so that a kill before the first delivery does not move the start
	for e := range w.follow(ctx, from, last) {
		if last.done(e) {
			continue
		}
		if w.Events.match(e) && !w.deliver(ctx, e) {
			return
		}
		last = cursor{e.Seq, e.At}
		w.keep(last)
	}
}

// follow tells what came after the cursor. The order counts, not the clock,
// which may have been set back. But if the log does not reach the cursor, it
// began anew or its end was removed, and times are all there is.
func (w Webhook) follow(ctx context.Context, from Source, last cursor) <-chan phone.Event {
	if last.Seq <= w.After {
		return from.FollowAfter(ctx, last.Seq)
	}
	return from.Follow(ctx, last.At.Add(-backlog))
}

func (w Webhook) keep(c cursor) {
	if err := c.write(w.Cursor); err != nil {
		w.Log.Error("webhook progress cannot be kept; events may be sent again", "err", err)
	}
}

// deliver tries until the event is taken or expired; false when ctx ended.
func (w Webhook) deliver(ctx context.Context, e phone.Event) bool {
	expire := w.Expire
	if expire == 0 {
		expire = 24 * time.Hour
	}
	for wait := firstRetry; ; wait = min(2*wait, longestRetry) {
		err := w.post(ctx, e)
		switch {
		case err == nil:
			return true
		case ctx.Err() != nil:
			return false
		case time.Since(e.At) > expire:
			w.Log.Error("webhook gave an event up", "event", e.Kind, "seq", e.Seq, "err", err)
			return true
		}
		w.Log.Warn("webhook will be tried again", "event", e.Kind, "seq", e.Seq, "in", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
}

func (w Webhook) post(ctx context.Context, e phone.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, postLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Tring-Event", string(e.Kind))
	req.Header.Set("Tring-Timestamp", stamp)
	req.Header.Set("Tring-Signature", Sign(w.Secret, stamp, body))
	resp, err := w.client().Do(req)
	if err != nil {
		return withoutAddress(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the receiver answered %s", resp.Status)
	}
	return nil
}

// withoutAddress is what went wrong, without the address: it may hold a secret.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (w Webhook) client() *http.Client {
	if w.Client != nil {
		return w.Client
	}
	return http.DefaultClient
}

// Sign is the signature that a receiver recomputes and compares.
func Sign(secret []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	io.WriteString(mac, timestamp+".")
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}
