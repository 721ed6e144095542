package graph

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer bounds an answer of Graph's in bytes.
const maxAnswer = 1 << 20

// How long a request may take. A file has minutes: the largest then passes a
// network of a quarter of a megabit per second.
const (
	dialTime  = 5 * time.Second
	wholeTime = 15 * time.Second
	mediaTime = 10 * time.Minute
)

// Config says where Graph is and who we are.
type Config struct {
	BaseURL, Version string
	Token            string
	AppSecret        string // proves the token; none if empty
	Number           string // phone number id
	Account          string // WhatsApp Business Account id, may be empty
	Recording        *Recording
	HTTP             *http.Client
	Log              *slog.Logger
}

// Client speaks to Graph. It is safe for concurrent use.
type Client struct {
	config Config
	proof  string
	http   *http.Client
	offset atomic.Int64 // Meta's clock minus ours, in nanoseconds
}

// New makes a client.
func New(c Config) *Client {
	client := &Client{config: c, proof: proof(c.AppSecret, c.Token), http: c.HTTP}
	if client.http == nil {
		client.http = newHTTP()
	}
	if c.Log == nil {
		client.config.Log = slog.New(slog.DiscardHandler)
	}
	return client
}

// newHTTP keeps one connection warm: a handshake in the path of an answer
// costs a syllable.
func newHTTP() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:             http.ProxyFromEnvironment,
		DialContext:       (&net.Dialer{Timeout: dialTime}).DialContext,
		ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialTime,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: 5 * time.Minute,
	}}
}

// proof is what Graph calls appsecret_proof.
func proof(secret, token string) string {
	if secret == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// Now is the time by Meta's clock, as far as it is known.
func (c *Client) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one request, as often as it may be sent.
type request struct {
	method string
	path   string // after the version
	query  url.Values
	body   any
	policy policy
	raw    *payload // in place of body
}

// payload is a body that is no JSON.
type payload struct {
	kind string
	body []byte
}

// do sends a request and reads the answer into into, which may be nil.
func (c *Client) do(ctx context.Context, r request, into any) error {
	body, err := r.encoded()
	if err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		err := c.once(ctx, r, body, into)
		if err == nil {
			return nil
		}
		wait, again := r.policy.next(attempt, err)
		if !again || !pause(ctx, wait) {
			return err
		}
		c.config.Log.Info("graph: sending again", "path", r.kind(), "attempt", attempt+1)
	}
}

func (r request) encoded() (payload, error) {
	switch {
	case r.raw != nil:
		return *r.raw, nil
	case r.body == nil:
		return payload{}, nil
	}
	b, err := json.Marshal(r.body)
	return payload{"application/json", b}, err
}

// kind is the path without ids, for logs.
func (r request) kind() string {
	_, name, _ := strings.Cut(r.path, "/")
	return r.method + " " + name
}

// pause waits, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *Client) once(ctx context.Context, r request, body payload, into any) error {
	ctx, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, c.address(r), bytes.NewReader(body.body))
	if err != nil {
		return errors.New("the Graph API's address cannot be used; see base URL and ids in the configuration")
	}
	req.Header.Set("Authorization", "Bearer "+c.config.Token)
	if body.kind != "" {
		req.Header.Set("Content-Type", body.kind)
	}
	sent := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer resp.Body.Close()
	c.learnClock(resp, sent)
	c.watchUsage(resp, r)
	return c.read(resp, r, into)
}

func (c *Client) address(r request) string {
	q := url.Values{}
	for k, v := range r.query {
		q[k] = v
	}
	if c.proof != "" {
		q.Set("appsecret_proof", c.proof)
	}
	a := strings.TrimSuffix(c.config.BaseURL, "/") + "/" + c.config.Version + "/" + r.path
	if len(q) > 0 {
		a += "?" + q.Encode()
	}
	return a
}

// number is a path below our number.
func (c *Client) number(name string) string { return c.below(c.config.Number, name) }

func (c *Client) below(id, name string) string {
	if name == "" {
		return url.PathEscape(id)
	}
	return fmt.Sprintf("%s/%s", url.PathEscape(id), name)
}
